"""What both brokers share, the one outside and our own: topics and bounds."""

ROOT = "v1.1/"
LARGEST_MESSAGE = 1024 * 1024
# So many messages of quality 1 and 2 are on their way at once in each direction.
WINDOW = 100

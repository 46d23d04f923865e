"""How much is taken: of one file, of one request, for one subject, from one sender."""

from datetime import timedelta

from stadt.hub.datasets.pacing import Pace

MEGABYTE = 1024 * 1024
MOST_BYTES = {"photo": 15 * MEGABYTE, "pdf": 15 * MEGABYTE, "document": 10 * MEGABYTE}
LARGEST = max(MOST_BYTES.values())
# Measured for one picture beside everything else: JPEG is decoded small at once (50 million pixels: 160 MB), unless it is
# built up in passes (36: 350 MB); PNG is decoded whole first (25: 160 MB), and WebP twice over (16: 310 MB).
MOST_PIXELS = 50_000_000
MOST_PIXELS_OF = {
    "image/jpeg": MOST_PIXELS,
    "progressive": 36_000_000,
    "image/png": 25_000_000,
    "image/webp": 16_000_000,
}
LONGEST_SIDE = 30_000
# A picture built up in passes is decoded anew for each; ordinary ones have about ten.
MOST_SCANS = 64
# Ordinary photos have about twenty segments before the picture; long notes in parts of 64 kB some hundred.
MOST_SEGMENTS = 2000
MOST_OF_REQUEST = 10
MOST_OF_SUBJECT = 40
MOST_WAITING = 40
"""Files of one owner that belong to nothing yet."""
KEPT_WAITING = timedelta(days=1)
LONGEST_NAME = 100
MOST_RECTANGLES = 50
# Forty files from one household at once, then one in ten seconds. People who are signed in are counted by their name.
uploads_pace = Pace(burst=40, per_second=0.1)

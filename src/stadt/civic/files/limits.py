"""How much is taken: of one file, of one request, for one subject, from one sender."""

from datetime import timedelta

from stadt.hub.datasets.pacing import Pace

MEGABYTE = 1024 * 1024
MOST_BYTES = {"photo": 15 * MEGABYTE, "pdf": 15 * MEGABYTE, "document": 10 * MEGABYTE}
LARGEST = max(MOST_BYTES.values())
# 50 megapixels hold what telephones deliver; the decoder needs 150 MB for one that is built up in passes.
MOST_PIXELS = 50_000_000
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

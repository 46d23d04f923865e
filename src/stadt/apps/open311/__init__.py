"""Open311 GeoReport v2: other programs read reports and hand them in."""

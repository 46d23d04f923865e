"""OGC SensorThings API 1.1 (18-088) over the observations: a compiler of the standard, with no tables of its own."""

"""Things and their observations in the vocabulary of OGC SensorThings 1.1: the one store of readings."""

"""The back office of every kind of case."""

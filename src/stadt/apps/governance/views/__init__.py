"""Pages of the bodies' work."""

"""Every write of the bodies' work."""

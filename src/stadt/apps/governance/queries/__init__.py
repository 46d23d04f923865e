"""Every non-trivial read of the bodies' work."""

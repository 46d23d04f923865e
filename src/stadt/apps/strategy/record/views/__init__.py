"""Pages of editions and of change requests."""

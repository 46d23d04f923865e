"""The start page: what the city knows now."""

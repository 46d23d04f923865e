"""Tell the city, and see what becomes of it."""

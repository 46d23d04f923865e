"""The strategy as versioned data: what it consists of, since when, known since when, and who changed it by which decision."""

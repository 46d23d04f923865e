"""Pages about people and their rights."""

"""Pages of those who steer."""

"""What is kept as data, in words that residents use."""

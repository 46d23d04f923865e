"""What is made with the city's data, and which data people miss."""

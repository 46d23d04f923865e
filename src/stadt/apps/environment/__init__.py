"""Environment stations: air, weather and noise, measured where people live."""

"""What the city knows: places, things, observations, datasets, indicators and the standards' interfaces."""

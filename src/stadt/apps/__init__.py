"""The city's domains, all of one shape."""

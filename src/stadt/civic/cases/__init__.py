"""Cases: something a person asked for or told the city, with a state, a clock and a history; its types are data."""

"""Every write of the dialogue, by what is written."""

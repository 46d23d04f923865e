"""Where the strategy has gaps: what is missing, what would close it, and which part of the platform carries what."""

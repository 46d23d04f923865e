"""Papers: what a report says, before it is typeset."""

"""The city's map: every app's live layers on one page."""

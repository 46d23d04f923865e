"""Typesetting: a paper as PDF and DOCX, the same bytes each time."""

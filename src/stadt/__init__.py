"""Vernetzte Stadt: one installable platform that runs a connected city."""

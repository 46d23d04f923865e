"""Vernetzte Stadt: one installable platform that runs a connected city."""

__version__ = "0.1.0"

"""Backups: one file that holds a whole city at one moment, can be checked, and comes back."""

"""Turns syntax trees into one parameterised SQL statement; access rules are part of every statement."""

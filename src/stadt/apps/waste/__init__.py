"""Waste containers and how full they are."""

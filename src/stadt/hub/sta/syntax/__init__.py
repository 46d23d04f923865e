"""Texts of resource paths and query options, read into frozen nodes that know their position."""

"""Composition root: settings, addresses, server entry and command line. Nobody imports it."""

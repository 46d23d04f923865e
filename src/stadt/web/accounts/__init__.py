"""Accounts: signing in, second factors, identity providers, sessions, the own data, and the first administrator."""

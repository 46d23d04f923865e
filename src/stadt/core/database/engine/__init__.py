"""Django's PostgreSQL backend for a running city: it asks no database that is known to be away."""

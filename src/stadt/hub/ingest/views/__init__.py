"""The operator's pages: sources and their tokens, device profiles, devices."""

from stadt.hub.ingest.views import devices, profiles, sources

__all__ = ["devices", "profiles", "sources"]

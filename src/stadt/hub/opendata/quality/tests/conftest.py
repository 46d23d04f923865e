"""The made-up app of the catalogue's tests, with its datasets published as rows of the database."""

from stadt.hub.opendata.tests.conftest import actor, lake, lake_folder, probe, published

__all__ = ["actor", "lake", "lake_folder", "probe", "published"]

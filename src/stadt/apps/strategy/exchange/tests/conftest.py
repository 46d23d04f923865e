"""Officers, a city with its printed strategy, and a city that has none."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stadt.apps.strategy.record.tests.conftest import imported, person  # noqa: F401 - fixtures

if TYPE_CHECKING:
    from pytest_django import Settings


@pytest.fixture
def new_city(tmp_path: Path, settings: "Settings", db: None) -> Iterator[None]:
    """A city whose folder holds no strategy, and whose record is empty."""
    from stadt.apps.strategy.record.printed import printed_content
    from stadt.core import city

    head = (city.current().folder / "city.toml").read_text(encoding="utf-8")
    (tmp_path / "city.toml").write_text(head, encoding="utf-8")
    settings.STADT = replace(settings.STADT, city=str(tmp_path))
    city.current.cache_clear()
    printed_content.cache_clear()
    yield
    city.current.cache_clear()
    printed_content.cache_clear()

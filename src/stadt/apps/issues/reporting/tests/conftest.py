"""A small catalogue of its own, so that no test depends on what a city lets people report."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent / "data"
KEY = "k" * 20


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """Broken things that can be told, with the questions about a lamp."""
    from stadt.civic.cases import reading
    from stadt.civic.cases.versions import import_types
    from stadt.civic.forms.reading import read_definition
    from stadt.civic.forms.services import keep_form
    from stadt.core.people.actor import Actor
    from stadt.core.people.services import ensure_foundations

    ensure_foundations()
    system = Actor.system("test")
    found = reading.read_types(DATA / "services")
    monkeypatch.setattr(reading, "types", lambda: found)
    import_types(system)
    for path in sorted((DATA / "forms").glob("*.toml")):
        keep_form(system, read_definition(tomllib.loads(path.read_text(encoding="utf-8"))))


@pytest.fixture
def areas(db: None) -> None:
    """The outlines of whatever city the tests run for."""
    from stadt.core.people.actor import Actor
    from stadt.hub.places.services import seed_city_areas

    seed_city_areas(Actor.system("test"))


@pytest.fixture
def told() -> Callable[..., Any]:
    """A report of a lamp in the middle of the city, with changes."""
    from stadt.apps.issues.reporting.services import Report
    from stadt.core.city import current

    lon, lat = current().centre

    def tell(**changes: Any) -> Report:
        first: dict[str, Any] = {
            "key": KEY,
            "category": "lamp",
            "lon": lon,
            "lat": lat,
            "answers": {"problem": "off"},
        }
        return Report(**{**first, **changes})

    return tell

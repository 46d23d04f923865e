"""The city this installation is for: a folder of data that makes the one code any German city."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from stadt.core.errors import ConfigurationError

CITIES = Path(__file__).resolve().parent.parent / "cities"


@dataclass(frozen=True, slots=True)
class Basemap:
    """A background map the city switched on; empty `style_url` means none, and no request to anybody else."""

    style_url: str = ""
    attribution: str = ""
    origins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class City:
    """What `city.toml` says. `bbox` is west, south, east, north and `centre` lon, lat, both WGS 84 degrees."""

    folder: Path
    key: str
    name: str
    ags: str
    state: str
    bbox: tuple[float, float, float, float]
    centre: tuple[float, float]
    timezone: str = "Europe/Berlin"
    contact: dict[str, str] = field(default_factory=dict)
    basemap: Basemap = field(default_factory=Basemap)
    more: dict[str, Any] = field(default_factory=dict)

    def read_toml(self, name: str) -> dict[str, Any]:
        """A TOML file of the folder, or an empty dict when the city has none of that name."""
        path = self.folder / name
        return _read_toml(path) if path.is_file() else {}

    def text(self, name: str, language: str) -> str | None:
        """The Markdown text `texts/<name>.<language>.md`, else the German one, else None."""
        for code in (language, "de"):
            path = self.folder / "texts" / f"{name}.{code}.md"
            if path.is_file():
                return path.read_text(encoding="utf-8")
        return None


def find_folder(name: str) -> Path:
    """The folder of a city given by name (below `cities/`) or by path.

    Raises:
        ConfigurationError: when there is none, naming those that exist.
    """
    for folder in (CITIES / name, Path(name).expanduser()):
        if (folder / "city.toml").is_file():
            return folder.resolve()
    known = ", ".join(sorted(path.parent.name for path in CITIES.glob("*/city.toml")))
    raise ConfigurationError(f"STADT_CITY: Es gibt keinen Ordner „{name}“ mit city.toml. Vorhanden: {known}.")


def load(name: str) -> City:
    """Read a city's folder.

    Raises:
        ConfigurationError: naming the file and the entry that is missing or of the wrong shape.
    """
    folder = find_folder(name)
    document = _read_toml(folder / "city.toml")
    try:
        head = dict(document["city"])
        west, south, east, north = (float(number) for number in head.pop("bbox"))
        lon, lat = (float(number) for number in head.pop("centre"))
        basemap = document.get("basemap", {})
        return City(
            folder=folder,
            key=head.pop("key"),
            name=head.pop("name"),
            ags=head.pop("ags"),
            state=head.pop("state"),
            bbox=(west, south, east, north),
            centre=(lon, lat),
            timezone=head.pop("timezone", "Europe/Berlin"),
            contact=dict(document.get("contact", {})),
            basemap=Basemap(
                style_url=basemap.get("style_url", ""),
                attribution=basemap.get("attribution", ""),
                origins=tuple(basemap.get("origins", ())),
            ),
            more={"city": head, **{key: document[key] for key in document if key not in {"city", "contact"}}},
        )
    except KeyError as missing:
        raise ConfigurationError(f"{folder.name}/city.toml: Der Eintrag {missing} fehlt.") from None
    except (TypeError, ValueError):
        raise ConfigurationError(
            f"{folder.name}/city.toml: bbox braucht vier Zahlen (West, Süd, Ost, Nord), centre zwei (Länge, Breite)."
        ) from None


@cache
def current() -> City:
    """The city of this installation (`STADT_CITY`)."""
    return load(settings.STADT.city)


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path.parent.name}/{path.name} ist nicht lesbar: {error}") from None

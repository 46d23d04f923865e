"""What the city's folder says about its catalogue: where it delivers, and which area it speaks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stadt.core.city import City, current

CONTRIBUTORS = "http://dcat-ap.de/def/contributors/"
CONTRIBUTOR = re.compile(r"http://dcat-ap\.de/def/contributors/[A-Za-z][A-Za-z0-9_-]{1,99}\Z")
GEOCODING = "http://dcat-ap.de/def/politicalGeocoding/"
AGS = re.compile(r"[0-9]{8}\Z")
EMAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+\Z")


@dataclass(frozen=True, slots=True)
class Provider:
    """Who offers the catalogue.

    Attributes:
        name: the city's organisation.
        contributor: IRI of the system that delivers to GovData (its list of contributors); empty before registration.
        municipality: IRI of the municipality in GovData's list of keys, by the city's AGS.
        place: the city's name.
        unit: which office answers questions; the organisation where none is named.
        email, web: how it is reached; empty where unknown.
    """

    name: str
    contributor: str
    municipality: str
    place: str
    unit: str
    email: str
    web: str


def provider(city: City | None = None) -> Provider:
    """The provider as the city's folder tells it."""
    city = city or current()
    name = city.contact.get("organisation") or city.name
    return Provider(
        name=name,
        contributor=str(_entries(city).get("contributor", "")),
        municipality=f"{GEOCODING}municipalityKey/{city.ags}",
        place=city.name,
        unit=city.contact.get("unit") or name,
        email=city.contact.get("email", ""),
        web=city.contact.get("web", ""),
    )


def problems(city: City | None = None) -> Iterator[str]:
    """What is wrong with the entries a catalogue is made of; asked when the city starts."""
    city = city or current()
    for name in sorted(_entries(city).keys() - {"contributor"}):
        yield f"city.toml, [opendata]: Den Eintrag „{name}“ gibt es nicht."
    contributor = str(_entries(city).get("contributor", ""))
    if contributor and not CONTRIBUTOR.match(contributor):
        yield (
            "city.toml, [opendata] contributor muss ein Eintrag der Liste der Datenbereitsteller von GovData sein, "
            f"etwa {CONTRIBUTORS}openNRW, und nicht „{contributor}“."
        )
    if not AGS.match(city.ags):
        yield f"city.toml, [city] ags muss der achtstellige Gemeindeschlüssel sein, und nicht „{city.ags}“."
    email = city.contact.get("email", "")
    if email and not EMAIL.match(email):
        yield f"city.toml, [contact] email: „{email}“ ist keine E-Mail-Adresse."


def _entries(city: City) -> dict[str, object]:
    found = city.more.get("opendata", {})
    return dict(found) if isinstance(found, dict) else {}

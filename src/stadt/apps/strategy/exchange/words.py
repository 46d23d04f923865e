"""German words for the values that a strategy uses as codes: what an officer reads and writes in a table."""

from types import MappingProxyType
from typing import Final

PRECISIONS: Final = MappingProxyType(
    {"": "", "year": "Jahr", "quarter": "Quartal", "month": "Monat", "day": "Tag"}
)
LEVELS: Final = MappingProxyType(
    {
        "": "",
        "site": "Standort",
        "quarter": "Quartier",
        "district": "Stadtteil",
        "borough": "Stadtbezirk",
        "city": "Stadt",
        "region": "Region",
        "country": "Land",
        "international": "international",
    }
)
SPACES: Final = MappingProxyType({"virtual": "virtuell", "sectoral": "sektoral", "physical": "physisch"})
TAGS: Final = MappingProxyType(
    {
        "infrastructure": "Infrastruktur",
        "security": "Sicherheit",
        "data_protection": "Datenschutz",
        "personnel": "Personal",
    }
)
CLASSES: Final = MappingProxyType(
    {
        "": "",
        "own": "Eigenmittel",
        "company": "städtisches Unternehmen",
        "eu": "EU",
        "federal": "Bund",
        "state": "Land",
        "municipal": "Gemeinden",
        "sponsor": "Sponsoring",
        "secondment": "Personalgestellung",
        "other": "sonstige",
    }
)
MONEY: Final = MappingProxyType(
    {
        "open": "offen",
        "planned": "geplant",
        "applied": "beantragt",
        "granted": "bewilligt",
        "spent": "verausgabt",
        "unknown": "nicht bekannt",
    }
)
DEPENDENCIES: Final = MappingProxyType(
    {
        "requires": "setzt voraus",
        "follows": "folgt auf",
        "may_follow": "folgt möglicherweise auf",
        "uses_data": "nutzt Daten von",
        "shown_in": "wird gezeigt in",
        "enables": "ermöglicht",
    }
)
ROLES: Final = MappingProxyType({"main": "Hauptkennzahl", "further": "weitere"})
EFFECTS: Final = MappingProxyType({"": "", "output": "Output", "outcome": "Outcome", "impact": "Impact"})
CHAIN: Final = MappingProxyType({"": "", "input": "Input", **{k: v for k, v in EFFECTS.items() if k}})


#: States of a measure; nothing stands where none was ever set. A test holds them to `lifecycle`.
STATES: Final = MappingProxyType(
    {
        "": "",
        "idea": "Idee",
        "assessed": "bewertet",
        "proposed": "vorgeschlagen",
        "decided": "beschlossen",
        "funded": "finanziert",
        "planned": "geplant",
        "in_implementation": "in Umsetzung",
        "implemented": "umgesetzt",
        "evaluated": "in Auswertung",
        "successful": "erfolgreich umgesetzt",
        "partly": "teilweise erfolgreich",
        "not_successful": "nicht erfolgreich",
        "transfer": "wird übertragen",
        "regular_operation": "im Regelbetrieb",
        "ended": "beendet",
        "paused": "ausgesetzt",
        "struck": "gestrichen",
    }
)

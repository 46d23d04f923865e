"""Columns that look as if they tell of persons: by their names, since rows are never searched for people.

Article 4 (1) GDPR counts whatever tells of somebody who can be identified. The list holds what German offices head such
columns with; a finding is a question to the publisher, no verdict.
"""

import re
from collections.abc import Iterable

from stadt.hub.datasets.declaration import Column

# Whole words of a heading, folded; `name` alone is left out, since streets and trees have names too.
_LIST = (
    "vorname nachname familienname geburtsname geburtsdatum geburtstag geburtsort geburtsjahr sozialversicherungsnummer"
    " steuernummer steuer-id steueridentifikationsnummer personalnummer personalausweisnummer ausweisnummer passnummer"
    " iban kontonummer telefon telefonnummer handy handynummer mobilnummer email e-mail mailadresse kennzeichen"
    " kfz-kennzeichen antragsteller antragstellerin eigentümer eigentümerin halter halterin patient patientin"
    " mieter mieterin sachbearbeiter sachbearbeiterin bearbeiter ansprechpartner ansprechpartnerin"
    " personenkennzeichen religion konfession krankenkasse diagnose surname firstname lastname birthdate birthday phone"
    " ip ip-adresse versichertennummer kundennummer unterschrift"
)
WORDS = frozenset(_LIST.split())
_PARTS = re.compile(r"[^\w-]+|_")


def looks_personal(column: Column) -> bool:
    """Whether a column's name or heading is one of the words."""
    return any(
        folded in WORDS or any(part in WORDS for part in _PARTS.split(folded))
        for folded in (column.name.casefold(), column.heading.casefold().strip())
    )


def personal_columns(columns: Iterable[Column]) -> list[Column]:
    """Those that look personal, in their order."""
    return [column for column in columns if looks_personal(column)]

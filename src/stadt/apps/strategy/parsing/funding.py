"""Reads who pays: `Eigenmittel, offen`, `Förderung Umbau-21`, `Pilotfinanzierung durch Eigenmittel, Rollout: offen`.

Spellings of one name become one source or programme (the text is kept); what is not understood is kept and flagged.
Classes of money follow the strategy's own list: own means, municipal companies, grants, sponsors, seconded staff.
"""

import re
from typing import Final

from msgspec.structs import replace

from stadt.apps.strategy.parsing.names import Name, Names, fold, names_of_city
from stadt.apps.strategy.record.content import Funding, FundingItem, FundingState, SourceClass

LONGEST_TEXT: Final = 500
STATES: Final[dict[str, FundingState]] = {
    "offen": "open",
    "geplant": "planned",
    "beantragt": "applied",
    "bewilligt": "granted",
    "zugesagt": "granted",
    "verausgabt": "spent",
}
#: Words that every German municipality uses for where money comes from.
WORDS: Final[dict[str, tuple[str, SourceClass]]] = {
    "eigenmittel": ("Eigenmittel", "own"),
    "haushaltsmittel": ("Eigenmittel", "own"),
    "förderung": ("Fördermittel", "other"),
    "fördermittel": ("Fördermittel", "other"),
    "partner": ("Partner", "other"),
    "spenden": ("Spenden", "sponsor"),
    "sponsoring": ("Sponsoring", "sponsor"),
    "spenden/sponsoring": ("Spenden/Sponsoring", "sponsor"),
    "personalgestellung": ("Personalgestellung", "secondment"),
    "eu": ("EU", "eu"),
    "bund": ("Bund", "federal"),
    "land": ("Land", "state"),
}
_COMMA = re.compile(r", | und |; ")
_PHASE = re.compile(
    r"(?P<before>[^:,()]{1,60}): (?P<rest>.+)|(?P<word>\w{2,40}?)s?finanzierung durch (?P<by>.+)"
)
_BRACKET = re.compile(r"(?P<rest>[^()]+) \((?P<inside>[^()]+)\)")
#: Federal ministries are printed as BM and two to four more letters, in either case: BMBF, BMVi.
_MINISTRY = re.compile(r"(?:(?P<before>.+) )?(?P<ministry>BM[A-Zi][A-Za-z]{0,3})(?: (?P<after>.+))?")
_FEDERAL = re.compile(r"Bundes(?:anstalt|amt|ministerium|agentur|institut)\b.*")
_LAND = re.compile(r"Land (?P<name>[A-ZÄÖÜ][\w-]*)")


def parse_funding(text: str, names: Names | None = None) -> Funding:
    """Who pays according to a text, with the text as it is; never raises.

    `names` are the sources and programmes of a city; without them, those of this installation's city.
    A state is only set where the text says it (offen, geplant …); an amount is never read.
    """
    plain = " ".join(text.split())
    if not plain:
        return Funding(text=text)
    if len(plain) > LONGEST_TEXT:
        return Funding(text=text, is_understood=False)
    known = names_of_city() if names is None else names
    items: list[FundingItem] = []
    is_understood = True
    for part in _parts(plain, known):
        item, is_known = _item(part, known)
        items.append(item)
        is_understood = is_understood and is_known
    return Funding(text, tuple(items), is_understood=is_understood)


def _parts(text: str, known: Names) -> list[str]:
    """The sources a text lists. A name that has a comma or an "und" of its own stays whole."""
    if fold(text) in known.sources or fold(text) in known.programmes:
        return [text]
    return [part for part in (piece.strip() for piece in _COMMA.split(text)) if part]


def _item(text: str, known: Names) -> tuple[FundingItem, bool]:
    phase = _PHASE.fullmatch(text)
    if phase:
        item, is_known = _item(phase["rest"] or phase["by"], known)
        return replace(item, phase=phase["before"] or phase["word"]), is_known
    state = STATES.get(text.casefold())
    if state:
        return FundingItem(source="", state=state), True
    bracket = _BRACKET.fullmatch(text)
    if bracket:
        item, is_known = _item(bracket["rest"], known)
        state = STATES.get(bracket["inside"].casefold())
        if state:
            return replace(item, state=state), is_known
        return replace(item, programme=_programme(bracket["inside"], known).name), is_known
    return _source(text, known)


def _source(text: str, known: Names) -> tuple[FundingItem, bool]:
    named = text.removeprefix("Förderung ")
    source = known.sources.get(fold(named))
    if source is not None:
        return FundingItem(source.name, source.source_class), True
    programme = known.programmes.get(fold(named))
    if programme is not None:
        return FundingItem("", programme.source_class, programme.name), True
    word = WORDS.get(named.casefold())
    if word is not None:
        return FundingItem(*word), True
    ministry = _MINISTRY.fullmatch(named)
    if ministry:
        programme = _programme(ministry["before"] or ministry["after"] or "", known)
        return FundingItem(ministry["ministry"].upper(), "federal", programme.name), True
    if _FEDERAL.fullmatch(named):
        return FundingItem(named, "federal"), True
    if _LAND.fullmatch(named):
        return FundingItem(named, "state"), True
    return FundingItem(source=text), False


def _programme(text: str, known: Names) -> Name:
    return known.programmes.get(fold(text), Name(text))

"""Who pays for a measure, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.record.content import Funding, FundingItem
from stadt.web.formats import number
from stadt.web.maps import State

CLASSES = {
    "own": _("Geld der Stadt"),
    "company": _("städtisches Unternehmen"),
    "eu": _("Förderung der EU"),
    "federal": _("Förderung des Bundes"),
    "state": _("Förderung des Landes"),
    "municipal": _("andere Kommune oder Verband"),
    "sponsor": _("Spenden und Sponsoren"),
    "secondment": _("Personal, das andere stellen"),
    "other": _("weitere Quelle"),
}
STATES = {
    "open": _("noch zu finden"),
    "planned": _("geplant"),
    "applied": _("beantragt"),
    "granted": _("bewilligt"),
    "spent": _("ausgegeben"),
    "unknown": _("Stand nicht genannt"),
}
COLOURS = {
    "open": State.WARNING,
    "planned": State.INFO,
    "applied": State.INFO,
    "granted": State.SUCCESS,
    "spent": State.SUCCESS,
    "unknown": State.NEUTRAL,
}


@dataclass(frozen=True, slots=True)
class ShownSource:
    """One source of money as a resident reads it; `amount` is empty where nobody named one."""

    name: str
    kind: str
    phase: str
    amount: str
    state: str
    colour: str


def sources(funding: Funding) -> list[ShownSource]:
    """The sources in printed order."""
    return [_shown(item) for item in funding.items]


def summary(funding: Funding) -> str:
    """One sentence: whether money is still missing."""
    if not funding.items and not funding.text:
        return gettext("Die Strategie sagt nicht, wer bezahlt.")
    if funding.is_open:
        is_all = all(item.state == "open" for item in funding.items)
        return (
            gettext("Das Geld ist noch zu finden.")
            if is_all
            else gettext("Ein Teil des Geldes ist noch zu finden.")
        )
    if any(item.amount is not None for item in funding.items):
        return gettext("Genannt ist, woher das Geld kommen soll.")
    return gettext("Genannt ist, woher das Geld kommen soll; Beträge nennt die Strategie nicht.")


def _shown(item: FundingItem) -> ShownSource:
    named = " ".join(part for part in (item.source, item.programme) if part)
    if item.source and item.programme:
        named = gettext("%(source)s, Programm %(programme)s") % {
            "source": item.source,
            "programme": item.programme,
        }
    kind = gettext(CLASSES[item.source_class]) if item.source_class in CLASSES else ""
    return ShownSource(
        name=named or gettext("offen"),
        kind=kind,
        phase=item.phase,
        amount=f"{number(item.amount)} €" if item.amount is not None else "",
        state=gettext(STATES[item.state]),
        colour=str(COLOURS[item.state]),
    )

"""What changed between two reports, as sentences: found from their snapshots alone, so that anybody can check them."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from django.utils.translation import gettext

from stadt.apps.reports.papers import words
from stadt.apps.reports.snapshot import Indicator, Measure, Snapshot

Item = TypeVar("Item", Measure, Indicator)


def differences(older: Snapshot, newer: Snapshot) -> Iterator[str]:
    """Sentences in the active language: the edition, measures by number, indicators by code, decisions."""
    if older.edition.name != newer.edition.name:
        yield gettext("Es gilt jetzt die Fassung %(new)s statt %(old)s.") % {
            "new": newer.edition.name,
            "old": older.edition.name,
        }
    yield from _measures(_by_code(older.measures), _by_code(newer.measures))
    yield from _indicators(_by_code(older.indicators), _by_code(newer.indicators))
    known = {decision.number for decision in older.decisions}
    for decision in newer.decisions:
        if decision.number not in known:
            yield gettext("%(body)s hat entschieden: %(kind)s (%(codes)s).") % {
                "body": decision.body,
                "kind": decision.title or decision.kind_title,
                "codes": ", ".join(decision.codes) or gettext("Strategie insgesamt"),
            }


def _measures(older: Mapping[str, Measure], newer: Mapping[str, Measure]) -> Iterator[str]:
    for code, now in newer.items():
        before = older.get(code)
        named = {"code": code, "title": now.title}
        if before is None:
            yield gettext("Neu: %(code)s %(title)s.") % named
            continue
        if now.state != before.state:
            states = {"old": before.state_title or gettext("ohne Angabe"), "new": now.state_title}
            yield gettext("%(code)s %(title)s: Stand jetzt „%(new)s“, vorher „%(old)s“.") % (named | states)
        if now.period != before.period:
            periods = {"old": before.period or "–", "new": now.period or "–"}
            yield gettext("%(code)s %(title)s: Zeitraum jetzt „%(new)s“, vorher „%(old)s“.") % (
                named | periods
            )
        if now.funding != before.funding:
            funding = {"old": before.funding or "–", "new": now.funding or "–"}
            yield gettext("%(code)s %(title)s: Finanzierung jetzt „%(new)s“, vorher „%(old)s“.") % (
                named | funding
            )
        if now.title != before.title:
            yield gettext("%(code)s heißt jetzt „%(title)s“.") % named
    for code in sorted(older.keys() - newer.keys()):
        yield gettext("Entfallen: %(code)s %(title)s.") % {"code": code, "title": older[code].title}


def _indicators(older: Mapping[str, Indicator], newer: Mapping[str, Indicator]) -> Iterator[str]:
    for code, now in newer.items():
        before = older.get(code)
        named = {"code": code, "title": now.name}
        if before is None:
            yield gettext("Neue Kennzahl: %(code)s %(title)s.") % named
            continue
        if now.is_measured and not before.is_measured:
            yield gettext("%(code)s %(title)s hat zum ersten Mal einen Wert.") % named
        if now.target != before.target and now.target is not None:
            yield gettext("%(code)s %(title)s: SOLL neu festgelegt.") % named
        states = [item.verdict.state if item.verdict else "not_assessable" for item in (before, now)]
        if states[0] != states[1]:
            old, new = (words.verdict_cell(state).text for state in states)
            yield gettext("%(code)s %(title)s: jetzt „%(new)s“, vorher „%(old)s“.") % (
                named | {"old": old, "new": new}
            )


def _by_code(items: tuple[Item, ...]) -> dict[str, Item]:
    return {item.code: item for item in items}

"""The one-page sheet of a measure (Steckbrief).

What is longer than its room is cut at a word, marked with „…“, and the sheet names the address where all of it stands.
If the page is still too full, the next smaller set of limits counts.
"""

import msgspec
from django.utils.translation import gettext, ngettext

from stadt.apps.reports.papers import words
from stadt.apps.reports.papers.blocks import (
    AnyBlock,
    Bullets,
    Cell,
    Column,
    Facts,
    Heading,
    Notice,
    Paper,
    Paragraph,
    Table,
    plain,
    shortened,
)
from stadt.apps.reports.snapshot import Decision, Indicator, Measure, Snapshot
from stadt.core.errors import NotFound


class Limits(msgspec.Struct, frozen=True):
    """How much of a measure is shown: characters of a text, rows of a list."""

    text: int
    note: int
    rows: int
    summary: int


STEPS = (Limits(240, 140, 8, 700), Limits(160, 90, 6, 400), Limits(100, 60, 4, 240), Limits(60, 40, 2, 120))


def build(snapshot: Snapshot, checksum: str, step: int = 0) -> Paper:
    """The sheet as a paper, in the active language; `step` chooses among `STEPS`.

    Raises:
        NotFound: the snapshot has no such measure.
    """
    measure = snapshot.find_measure(snapshot.subject)
    if measure is None:
        raise NotFound(gettext("Diese Maßnahme gibt es nicht."))
    sheet = _Sheet(snapshot, measure, STEPS[step])
    return Paper(
        layout="sheet",
        language=snapshot.language,
        preline=f"{snapshot.city} · {sheet.cut(snapshot.strategy)}",
        title=f"{measure.code} {sheet.cut(measure.title)}",
        lead=sheet.place(),
        facts=(),
        blocks=tuple(sheet.blocks()),
        author=snapshot.city,
        subject=gettext("Steckbrief der Maßnahme %(code)s") % {"code": measure.code},
        foot=words.origin(snapshot, checksum),
        page_word=gettext("Seite"),
        is_simulated=snapshot.has_simulated,
    )


class _Sheet:
    """Cuts what is too long, and remembers that it did."""

    def __init__(self, snapshot: Snapshot, measure: Measure, limits: Limits) -> None:
        self.snapshot, self.measure, self.limits = snapshot, measure, limits
        self.is_cut = False

    def cut(self, text: str, most: int = 0) -> str:
        whole = plain(text)
        short = shortened(whole, most or self.limits.text)
        self.is_cut = self.is_cut or short != whole
        return short

    def place(self) -> str:
        for theme in self.snapshot.themes:
            for field in theme.fields:
                if self.measure.code in field.measures:
                    return self.cut(f"{theme.title} › {field.title}")
        return ""

    def blocks(self) -> list[AnyBlock]:
        measure = self.measure
        blocks: list[AnyBlock] = []
        if self.snapshot.has_simulated:
            text = gettext(
                "Simulierte Werte und Beispiele sind als solche bezeichnet und sagen nichts über die wirkliche Stadt."
            )
            blocks.append(Notice(gettext("Mit simulierten Werten"), text, "warn"))
        if measure.summary:
            blocks.append(Paragraph(self.cut(measure.summary, self.limits.summary)))
        blocks += [Heading(1, gettext("Eckdaten")), Facts(tuple(self.facts()))]
        blocks += [Heading(1, gettext("Kennzahlen")), *self.indicators()]
        blocks += [Heading(1, gettext("Entscheidungen")), *self.decisions()]
        if self.snapshot.changes:
            blocks += [Heading(1, gettext("Zuletzt geändert")), Bullets(self.some(self.snapshot.changes, 3))]
        blocks.append(Paragraph(self.where(), "note"))
        return blocks

    def facts(self) -> list[tuple[str, str]]:
        measure = self.measure
        unset = gettext("nicht festgelegt")
        pairs = [
            (gettext("Stand"), measure.state_title or gettext("ohne Angabe")),
            (gettext("Zeitraum"), measure.period or unset),
            (gettext("Finanzierung"), measure.funding or unset),
            (gettext("Raumbezug"), measure.space or unset),
            (gettext("Nachhaltigkeitsziele (SDG)"), ", ".join(str(goal) for goal in measure.sdgs) or unset),
        ]
        if measure.state_note and not measure.state:
            pairs[0] = (pairs[0][0], measure.state_note)
        elif measure.state_note:
            pairs[0] = (pairs[0][0], f"{pairs[0][1]} ({measure.state_note})")
        if measure.requires:
            pairs.append((gettext("Baut auf"), ", ".join(measure.requires[:10])))
        return [(name, self.cut(text)) for name, text in pairs]

    def indicators(self) -> list[AnyBlock]:
        found = [item for code in self.measure.indicators if (item := self.snapshot.find_indicator(code))]
        if not found:
            return [Paragraph(gettext("Dieser Maßnahme ist keine Kennzahl zugeordnet."))]
        ordered = sorted(found, key=lambda item: not (item.is_measured or item.target))
        shown = ordered[: self.limits.rows]
        columns = (
            Column(gettext("Kennzahl"), 5),
            Column(gettext("IST"), 4),
            Column(gettext("SOLL"), 3),
            Column(gettext("Urteil"), 3),
        )
        blocks: list[AnyBlock] = [
            Table(gettext("Kennzahlen der Maßnahme"), columns, tuple(self.row(item) for item in shown))
        ]
        if rest := len(found) - len(shown):
            self.is_cut = True
            text = ngettext("%(n)s weitere Kennzahl steht auf der Seite der Maßnahme.",
                            "%(n)s weitere Kennzahlen stehen auf der Seite der Maßnahme.", rest)  # fmt: skip
            blocks.append(Paragraph(text % {"n": rest}, "note"))
        return blocks

    def row(self, indicator: Indicator) -> tuple[Cell, ...]:
        return tuple(
            msgspec.structs.replace(
                cell, text=self.cut(cell.text, self.limits.note), note=self.cut(cell.note, self.limits.note)
            )
            for cell in words.indicator_row(indicator)
        )

    def decisions(self) -> list[AnyBlock]:
        about = [item for item in self.snapshot.decisions if self.measure.code in item.codes]
        if not about:
            return [Paragraph(gettext("Zu dieser Maßnahme ist keine Entscheidung verzeichnet."))]
        return [Bullets(self.some([_said(item) for item in about], 3))]

    def some(self, sentences: "list[str] | tuple[str, ...]", most: int) -> tuple[str, ...]:
        most = min(most, self.limits.rows)
        self.is_cut = self.is_cut or len(sentences) > most
        return tuple(self.cut(sentence, self.limits.note) for sentence in sentences[:most])

    def where(self) -> str:
        words_of = (
            gettext("Gekürzt; alles steht unter %(address)s")
            if self.is_cut
            else gettext("Mehr unter %(address)s")
        )
        return words_of % {"address": self.snapshot.address}


def _said(decision: Decision) -> str:
    parts = [decision.title or decision.kind_title, decision.body, words.day(decision.decided_on)]
    if decision.paper:
        parts.append(gettext("Vorlage %(paper)s") % {"paper": decision.paper})
    if decision.is_example:
        parts.append(gettext("Beispiel"))
    return " · ".join(parts)

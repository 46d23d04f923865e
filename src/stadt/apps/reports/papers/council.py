"""The council report (Ratsbericht): what was planned, where it stands, what is asked of the council (M-19)."""

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext, ngettext

from stadt.apps.reports.papers import words
from stadt.apps.reports.papers.blocks import (
    AnyBlock,
    Bar,
    Bars,
    Bullets,
    Cell,
    Column,
    Facts,
    Heading,
    Notice,
    Paper,
    Paragraph,
    Table,
    shortened,
)
from stadt.apps.reports.snapshot import Decision, Indicator, Measure, Snapshot, Theme
from stadt.web import formats

SUMMARY_CHANGES = 5
LONGEST_REASON = 400


def build(snapshot: Snapshot, checksum: str) -> Paper:
    """The report as a paper, in the active language."""
    facts = [
        (gettext("Vorlage Nr."), snapshot.paper or gettext("noch nicht vergeben")),
        (gettext("Strategie"), snapshot.strategy),
        (gettext("Fassung"), _edition(snapshot)),
        (gettext("Stand der Daten"), words.moment(snapshot.moment)),
        (gettext("Erstellt von"), snapshot.author or gettext("nicht angegeben")),
        (gettext("Prüfsumme (SHA-256)"), checksum),
    ]
    return Paper(
        layout="council",
        language=snapshot.language,
        preline=snapshot.city,
        title=gettext("Ratsbericht zur Strategie"),
        lead=gettext("Was geplant ist, wo es steht und was sich seit dem letzten Bericht geändert hat."),
        facts=tuple(facts),
        blocks=tuple(_blocks(snapshot)),
        author=snapshot.city,
        subject=snapshot.strategy,
        foot=words.origin(snapshot, checksum),
        page_word=gettext("Seite"),
        contents_word=gettext("Inhalt"),
        is_simulated=snapshot.has_simulated,
    )


def _blocks(snapshot: Snapshot) -> Iterator[AnyBlock]:
    yield from _summary(snapshot)
    yield from _asks(snapshot)
    yield from _changes(snapshot)
    for theme in snapshot.themes:
        yield from _theme(snapshot, theme)
    yield from _decisions(snapshot)
    yield from _unknown(snapshot)
    yield from _method(snapshot)


def _summary(snapshot: Snapshot) -> Iterator[AnyBlock]:
    measured = [item for item in snapshot.indicators if item.is_measured]
    real = [item for item in measured if not item.has_simulated_values]
    yield Heading(1, gettext("Das Wichtigste auf einer Seite"), "summary", new_page=True)
    if snapshot.has_simulated:
        yield Notice(
            gettext("Dieser Bericht enthält simulierte Werte oder Beispiele"),
            gettext("Sie sind an jeder Stelle so bezeichnet und sagen nichts über die wirkliche Stadt."),
            "warn",
        )
    counts = {
        "measures": _measures(len(snapshot.measures)),
        "themes": ngettext("%(n)s Leitthema", "%(n)s Leitthemen", len(snapshot.themes))
        % {"n": len(snapshot.themes)},
        "indicators": ngettext("%(n)s Kennzahl", "%(n)s Kennzahlen", len(snapshot.indicators))
        % {"n": len(snapshot.indicators)},
    }
    yield Paragraph(
        gettext(
            "Die Strategie umfasst %(measures)s in %(themes)s und %(indicators)s, an denen der Erfolg abzulesen ist."
        )
        % counts,
        "lead",
    )
    yield Paragraph(
        gettext(
            "%(measured)s von %(all)s Kennzahlen haben heute einen Wert, davon %(real)s aus wirklichen Messungen. "
            "Bei %(target)s Kennzahlen ist ein SOLL festgelegt."
        )
        % {
            "measured": len(measured),
            "all": len(snapshot.indicators),
            "real": len(real),
            "target": len(snapshot.indicators) - snapshot.gaps.indicators_without_target,
        }
    )
    yield _verdict_bars(snapshot)
    yield _state_bars(snapshot)
    if snapshot.changes:
        yield Heading(2, gettext("Seit dem letzten Bericht"))
        yield Bullets(snapshot.changes[:SUMMARY_CHANGES])


def _verdict_bars(snapshot: Snapshot) -> Bars:
    counted: Counter[str] = Counter(
        item.verdict.state if item.verdict else "not_assessable" for item in snapshot.indicators
    )
    bars = tuple(
        Bar(gettext(word), counted[state], formats.number(counted[state]), sign, tone)
        for state, (word, sign, tone) in words.VERDICTS.items()
    )
    return Bars(gettext("Kennzahlen nach ihrem Stand zum SOLL"), _said(bars), bars)


def _state_bars(snapshot: Snapshot) -> Bars:
    counted = Counter(measure.state_title or gettext("ohne Angabe") for measure in snapshot.measures)
    bars = tuple(Bar(state, count, formats.number(count)) for state, count in counted.most_common(8))
    return Bars(gettext("Maßnahmen nach ihrem Stand"), _said(bars), bars)


def _said(bars: tuple[Bar, ...]) -> str:
    return "; ".join(f"{bar.label}: {bar.shown}" for bar in bars) + "."


def _asks(snapshot: Snapshot) -> Iterator[AnyBlock]:
    yield Heading(1, gettext("Worüber der Rat entscheiden soll"), "asks", new_page=True)
    if snapshot.asks:
        yield Bullets(snapshot.asks)
    else:
        yield Paragraph(
            gettext("Mit diesem Bericht wird keine Entscheidung erbeten. Er dient der Kenntnisnahme.")
        )


def _changes(snapshot: Snapshot) -> Iterator[AnyBlock]:
    yield Heading(1, gettext("Was sich geändert hat"), "changes")
    if snapshot.since is None:
        yield Paragraph(
            gettext(
                "Dies ist der erste Bericht. Künftige Berichte nennen hier jede Änderung seit dem letzten."
            )
        )
    elif not snapshot.changes:
        yield Paragraph(
            gettext("Seit dem letzten Bericht mit Stand %(moment)s hat sich nichts geändert.")
            % {"moment": words.moment(snapshot.since)}
        )
    if snapshot.changes:
        if snapshot.since is not None:
            yield Paragraph(
                gettext("Seit dem letzten Bericht mit Stand %(moment)s:")
                % {"moment": words.moment(snapshot.since)}
            )
        yield Bullets(snapshot.changes)


def _theme(snapshot: Snapshot, theme: Theme) -> Iterator[AnyBlock]:
    yield Heading(1, gettext("Leitthema: %(title)s") % {"title": theme.title}, theme.code, new_page=True)
    measures = {measure.code: measure for measure in snapshot.measures}
    indicators = {indicator.code: indicator for indicator in snapshot.indicators}
    for field in theme.fields:
        yield Heading(2, field.title)
        rows = tuple(_measure_row(measures[code]) for code in field.measures if code in measures)
        if rows:
            yield Table(gettext("Maßnahmen: %(title)s") % {"title": field.title}, _measure_columns(), rows)
        yield from _indicators(
            field.title, [indicators[code] for code in field.indicators if code in indicators]
        )


def _measure_columns() -> tuple[Column, ...]:
    return (
        Column(gettext("Maßnahme"), 5),
        Column(gettext("Zeitraum"), 3),
        Column(gettext("Finanzierung"), 3),
        Column(gettext("Stand"), 4),
    )


def _measure_row(measure: Measure) -> tuple[Cell, ...]:
    verdict = words.verdict_cell(measure.verdict)
    note = gettext("Kennzahlen: %(verdict)s") % {"verdict": verdict.text}
    if measure.is_simulated:
        note = f"{note} · {gettext('auf simulierter Grundlage')}"
    return (
        Cell(measure.title, measure.code),
        Cell(measure.period or gettext("nicht festgelegt")),
        Cell(measure.funding or gettext("nicht festgelegt")),
        Cell(measure.state_title or gettext("ohne Angabe"), note, verdict.sign, verdict.tone),
    )


def _indicators(title: str, indicators: list[Indicator]) -> Iterator[AnyBlock]:
    shown = [item for item in indicators if item.is_measured or item.target]
    rest = len(indicators) - len(shown)
    if shown:
        columns = (
            Column(gettext("Kennzahl"), 5),
            Column(gettext("IST"), 4),
            Column(gettext("SOLL"), 3),
            Column(gettext("Urteil"), 3),
        )
        yield Table(
            gettext("Kennzahlen: %(title)s") % {"title": title},
            columns,
            tuple(words.indicator_row(item) for item in shown),
        )
    if rest:
        text = ngettext(
            "%(n)s Kennzahl dieses Handlungsfelds hat weder Wert noch SOLL; sie steht in der CSV-Datei.",
            "%(n)s Kennzahlen dieses Handlungsfelds haben weder Wert noch SOLL; sie stehen in der CSV-Datei.",
            rest,
        )
        yield Paragraph(text % {"n": rest}, "note")


def _decisions(snapshot: Snapshot) -> Iterator[AnyBlock]:
    yield Heading(1, gettext("Getroffene Entscheidungen"), "decisions", new_page=True)
    if not snapshot.decisions:
        yield Paragraph(gettext("Es ist keine Entscheidung zur Strategie verzeichnet."))
        return
    columns = (
        Column(gettext("Entscheidung"), 3),
        Column(gettext("Gremium und Tag"), 3),
        Column(gettext("Betrifft"), 3),
        Column(gettext("Drucksache"), 2),
    )
    rows = tuple(
        (
            Cell(item.title or item.kind_title, " · ".join(_about(item))),
            Cell(item.body, words.day(item.decided_on)),
            Cell(", ".join(item.codes) or gettext("Strategie insgesamt")),
            Cell(item.paper or gettext("ohne Nummer")),
        )
        for item in snapshot.decisions
    )
    yield Table(gettext("Entscheidungen zur Strategie"), columns, rows)


def _about(decision: Decision) -> list[str]:
    parts = [decision.kind_title] if decision.title else []
    if decision.is_example:
        parts.append(gettext("Beispiel"))
    return [*parts, shortened(decision.reason, LONGEST_REASON)] if decision.reason else parts


def _unknown(snapshot: Snapshot) -> Iterator[AnyBlock]:
    gaps = snapshot.gaps
    simulated = [item.code for item in snapshot.indicators if item.is_simulated]
    yield Heading(1, gettext("Was unbekannt, offen oder simuliert ist"), "unknown")
    rows = (
        (gettext("Maßnahmen ohne Kennzahl"), gaps.measures_without_indicator),
        (gettext("Maßnahmen mit offener Finanzierung"), gaps.measures_funding_open),
        (gettext("Maßnahmen ohne zuständige Stelle"), gaps.measures_without_owner),
        (gettext("Kennzahlen ohne Maßnahme"), gaps.indicators_without_measure),
        (gettext("Kennzahlen ohne SOLL"), gaps.indicators_without_target),
        (gettext("Kennzahlen ohne Wert"), gaps.indicators_without_value),
    )
    yield Table(
        gettext("Lücken der Steuerung"),
        (Column(gettext("Was fehlt"), 5), Column(gettext("Anzahl"), align="right")),
        tuple((Cell(name), Cell(formats.number(count))) for name, count in rows),
    )
    if simulated:
        yield Paragraph(
            gettext("Auf simulierten Werten oder Beispielen beruhen: %(codes)s.")
            % {"codes": ", ".join(simulated)}
        )
    else:
        yield Paragraph(gettext("Kein Wert dieses Berichts ist simuliert."))
    if snapshot.note:
        yield Paragraph(snapshot.note)


def _method(snapshot: Snapshot) -> Iterator[AnyBlock]:
    yield Heading(1, gettext("Methode und Quellen"), "method")
    yield Bullets(
        (
            gettext(
                "Alle Zahlen stammen aus einem eingefrorenen Stand. Aus ihm lässt sich dieser Bericht Byte für Byte neu erstellen."
            ),
            gettext(
                "Ein Urteil vergleicht das Unsicherheitsintervall des Werts mit dem SOLL-Bereich; ohne Wert oder SOLL lautet es „nicht bewertbar“."
            ),
            gettext("Simulierte Werte zählen nicht als Erfolg und nicht als Misserfolg."),
            gettext("Ein fehlender Wert ist keine Null."),
        )
    )
    sources = sorted({item.source for item in snapshot.indicators if item.is_measured and item.source})
    if sources:
        yield Paragraph(gettext("Quellen der Werte: %(sources)s.") % {"sources": "; ".join(sources)})
    yield Facts(
        (
            (gettext("Diese Angaben im Netz"), snapshot.address),
            (gettext("Programmfassung"), snapshot.release),
        )
    )


def _measures(count: int) -> str:
    return ngettext("%(n)s Maßnahme", "%(n)s Maßnahmen", count) % {"n": count}


def _edition(snapshot: Snapshot) -> str:
    edition = snapshot.edition
    parts = [edition.name]
    if edition.decided_on:
        parts.append(gettext("beschlossen am %(day)s") % {"day": formats.day(edition.decided_on)})
    if edition.paper:
        parts.append(gettext("Vorlage %(paper)s") % {"paper": edition.paper})
    return ", ".join(parts)

"""What the pages of the gaps share: lines with their address, theme charts, and where a gap is closed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.gaps.contributed import Fact, page_of
from stadt.apps.strategy.gaps.kinds import Entry
from stadt.apps.strategy.gaps.state import State
from stadt.apps.strategy.record.content import Theme, field_of, kind_of
from stadt.core.people.access import actor_of
from stadt.core.registry import registry
from stadt.web.charts import Chart, ChartColumn, ChartKind, ColumnKind
from stadt.web.navigation import may_open

TABS = (
    ("strategy:gaps", _("Lücken")),
    ("strategy:readiness", _("Bereitschaft")),
    ("strategy:carriage", _("Abdeckung")),
    ("strategy:frames", _("Rahmen")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry ready for the page: with its address and the name of its field of action."""

    code: str
    title: str
    note: str
    url: str
    field: str


def lines_of(state: State, entries: Iterable[Entry]) -> list[Line]:
    """The entries with the addresses of what they are about."""
    return [
        Line(item.code, item.title, item.note, url_of(state, item.code), field_title(state, item.code))
        for item in entries
    ]


def url_of(state: State, code: str) -> str:
    """The page of a measure, indicator or theme, or of the measures of a goal."""
    kind = kind_of(code)
    if kind in {"measure", "indicator"}:
        return reverse(f"strategy:{kind}", args=[code])
    theme = state.content.themes.get(code)
    return reverse("strategy:theme", args=[theme.slug]) if theme else ""


def field_title(state: State, code: str) -> str:
    """The field of action that a measure or indicator stands in; empty for anything else."""
    field = state.content.fields.get(field_of(code))
    return field.title if field else ""


def tabs(current: str) -> list[tuple[str, str, bool]]:
    """The navigation between the pages of this part."""
    return [(gettext(title), reverse(name), name == current) for name, title in TABS]


def theme_chart(
    title: str,
    summary: str,
    series: Sequence[str],
    rows: Iterable[tuple[Theme, Sequence[int]]],
    *,
    stacked: bool = False,
) -> Chart:
    """Counts by guiding theme as bars; `stacked` where the series are parts of one whole."""
    return Chart(
        title=title,
        summary=summary,
        kind=ChartKind.STACKED_BAR if stacked else ChartKind.BAR,
        columns=[
            ChartColumn(gettext("Leitthema"), ColumnKind.CATEGORY),
            *(ChartColumn(name, ColumnKind.NUMBER, digits=0) for name in series),
        ],
        rows=[[theme.title, *counts] for theme, counts in rows],
    )


def place_to_close(request: HttpRequest, where: str | Fact) -> str:
    """Address of the page where a gap is closed; empty where it is not there or not for this reader."""
    name = page_of(where) if isinstance(where, Fact) else where
    page = next((page for page in registry.pages if page.url_name == name), None)
    if page is None or not may_open(actor_of(request), page):
        return ""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""

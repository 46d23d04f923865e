"""The component tags of the styleguide: `{% load stadt %}`. Each is shown with its snippet on /styleguide/."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from stadt.web import assets, charts, formats, maps, tables, texts
from stadt.web.chart_rendering import chart_context
from stadt.web.forms import shown_field
from stadt.web.map_rendering import map_context

register = template.Library()

STATE_ICONS = {
    "neutral": "draft",
    "info": "info",
    "success": "success",
    "warning": "warning",
    "danger": "danger",
}
PAGE_PARAMETER = "seite"

register.filter("number", formats.number)
register.filter("percent", formats.percent)
register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("clock", formats.clock)
register.filter("ago", formats.ago)
register.filter("markdown", texts.markdown)


def _render(component: str, **context: Any) -> SafeString:
    return mark_safe(render_to_string(f"web/components/{component}.html", context))  # noqa: S308 - our own template, escaped


# -- shell ---------------------------------------------------------------------------------------------------------


@register.simple_tag
def asset(source: str) -> SafeString:
    """Write the link and script elements of a built entry."""
    return _render("asset", entry=assets.find_entry(source))


@register.simple_tag
def breadcrumb(*trail: str, label: str = "") -> SafeString:
    """Write the way from the start page: text, address, text, address, …, text of this page."""
    steps = [
        (trail[place], trail[place + 1] if place + 1 < len(trail) else "")
        for place in range(0, len(trail), 2)
    ]
    return _render("breadcrumb", steps=steps, label=label or gettext("Sie sind hier"))


@register.simple_tag
def page_header(title: str, lead: str = "", preline: str = "", level: int = 1) -> SafeString:
    """Write the page's heading with the line above it and the sentence below it."""
    return _render("page_header", title=title, lead=lead, preline=preline, level=level)


@register.simple_tag
def subnav(items: Iterable[tuple[str, str, bool]], label: str = "") -> SafeString:
    """Write the navigation inside an area: (text, address, is current)."""
    return _render("subnav", items=items, label=label or gettext("In diesem Bereich"))


# -- texts and blocks ----------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, large: bool = False) -> SafeString:
    """Write a decorative KERN icon, hidden from screen readers."""
    return _render("icon", name=name, large=large)


@register.simple_block_tag
def alert(content: str, kind: str = "info", title: str = "", live: bool = False) -> SafeString:
    """Write a notice; `live` announces it to screen readers when it appears."""
    return _render("alert", content=content, kind=kind, title=title, live=live)


@register.simple_block_tag
def cards(content: str, wide: bool = False) -> SafeString:
    """Lay cards out in a grid that fits the screen."""
    return _render("cards", content=content, wide=wide)


@register.simple_block_tag
def card(
    content: str,
    title: str,
    url: str = "",
    preline: str = "",
    subline: str = "",
    icon: str = "",
    level: int = 3,
) -> SafeString:
    """Write a card; with `url` the whole card is the link. `level` is the heading's level."""
    return _render(
        "card",
        content=content,
        title=title,
        url=url,
        preline=preline,
        subline=subline,
        icon=icon,
        level=level,
    )


@register.simple_tag
def button(label: str, url: str, kind: str = "primary", icon: str = "") -> SafeString:
    """Write a link that looks like a button: primary, secondary or tertiary."""
    return _render("button", label=label, url=url, kind=kind, icon=icon)


@register.simple_tag
def badge(text: str, state: str = "neutral", small: bool = True) -> SafeString:
    """Write a state as a word with its icon and colour."""
    return _badge(str(text), str(state), small)


@lru_cache(maxsize=256, typed=True)  # a list says the same few words many times
def _badge(text: str, state: str, small: bool) -> SafeString:
    return _render("badge", text=text, state=state, icon=STATE_ICONS[state], small=small)


@register.simple_tag
def simulated() -> SafeString:
    """Mark a single value as simulated."""
    return _render("simulated")


@register.simple_block_tag
def simulated_note(content: str) -> SafeString:
    """Write the ribbon that says that what follows is simulated; the block may say what exactly."""
    return _render("simulated_note", content=content.strip())


@register.simple_tag
def empty_state(title: str, text: str = "", url: str = "", label: str = "") -> SafeString:
    """Say that there is nothing here, why, and what to do."""
    return _render("empty_state", title=title, text=text, url=url, label=label)


@register.simple_tag
def progress(value: float, max: float = 100, label: str = "") -> SafeString:  # noqa: A002 - HTML's own word
    """Write a progress bar with its share in words."""
    return _render("progress", value=value, max=max, label=label or gettext("Fortschritt"), share=value / max)


@register.simple_tag
def loading(label: str = "") -> SafeString:
    """Write a waiting sign with its word."""
    return _render("loading", label=label or gettext("Wird geladen"))


# -- numbers and tables --------------------------------------------------------------------------------------------


@register.simple_block_tag
def figures(content: str) -> SafeString:
    """Lay figures out in a grid."""
    return _render("figures", content=content)


@register.simple_tag
def figure(
    label: str,
    value: formats.Numeric | str | None,
    *,
    unit: str = "",
    digits: int | None = None,
    period: str = "",
    source: str = "",
    source_url: str = "",
    url: str = "",
    simulated: bool = False,
    note: str = "",
    state: str = "",
    state_label: str = "",
) -> SafeString:
    """Write a big number with unit, period and source; None is shown as having no value."""
    return _render(
        "figure",
        label=label,
        value=value if isinstance(value, str) or value is None else formats.number(value, digits),
        unit=unit,
        period=period,
        source=source,
        source_url=source_url,
        url=url,
        simulated=simulated,
        note=note,
        state=state,
        state_label=state_label,
        state_icon=STATE_ICONS.get(state, ""),
    )


@register.simple_tag
def table(
    columns: Sequence[tables.TableColumn], rows: Iterable[Any], caption: str, empty: str = ""
) -> SafeString:
    """Write a table whose first column heads each row; `empty` is said when there are no rows."""
    shown = tables.shown_rows(columns, rows)
    return _render(
        "table", columns=columns, rows=shown, caption=caption, empty=empty or gettext("Keine Einträge.")
    )


@register.simple_block_tag
def scroll(content: str, label: str) -> SafeString:
    """Make something wide scrollable sideways, by keyboard too."""
    return _render("scroll", content=content, label=label)


@register.simple_tag
def description_list(items: Iterable[tuple[str, Any]]) -> SafeString:
    """Write terms with their values; a value may be a LinkCell, a StateCell, text or None."""
    column = tables.TableColumn("value", "")
    cells = [(term, tables.ShownCell(column, value, is_head=False)) for term, value in items]
    return _render("description_list", items=cells)


@register.simple_tag(takes_context=True)
def pagination(context: template.Context, page: Page[Any]) -> SafeString:
    """Write the way through a Django `Page`; keeps the other parameters of the address."""
    request = context.get("request")
    query = QueryDict(mutable=True) if request is None else request.GET.copy()
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    steps = [(number, _page_url(query, number)) for number in numbers]
    return _render(
        "pagination",
        page=page,
        steps=steps,
        previous=_page_url(query, page.previous_page_number()) if page.has_previous() else "",
        next=_page_url(query, page.next_page_number()) if page.has_next() else "",
    )


def _page_url(query: QueryDict, number: int | str) -> str:
    if not isinstance(number, int):
        return ""  # the gap between page numbers
    query[PAGE_PARAMETER] = str(number)
    return "?" + query.urlencode()


# -- forms ---------------------------------------------------------------------------------------------------------


@register.simple_tag
def form_errors(form: BaseForm) -> SafeString:
    """Write the summary of a form's errors with links to the fields; nothing when there are none."""
    return _render("form_errors", form=form, fields=[field for field in form if field.errors])


@register.simple_tag
def form_fields(form: BaseForm) -> SafeString:
    """Write all fields of a form."""
    hidden = [str(field) for field in form.hidden_fields()]
    return mark_safe("".join([*hidden, *(field(bound) for bound in form.visible_fields())]))  # noqa: S308


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Write one field of a form with label, hint and error."""
    return _render("field", **shown_field(bound))


@register.simple_tag
def form_actions(label: str, cancel_url: str = "", kind: str = "primary") -> SafeString:
    """Write the button that sends the form and the way back."""
    return _render("form_actions", label=label, cancel_url=cancel_url, kind=kind)


# -- map and chart -------------------------------------------------------------------------------------------------


@register.simple_tag
def stadt_map(
    layers: Sequence[maps.MapLayer],
    label: str,
    height: str = "medium",
    refresh: int = 0,
    outlines: bool = True,
    legend: bool = True,
    box: str = "",
) -> SafeString:
    """Write the map element with the same content as a list inside; `refresh` in seconds, 0 for never; `box` (west,
    south,east,north) is what an empty map shows first, else the city."""
    return _render("map", **map_context(layers, label, height, refresh, outlines, legend, box))


@register.simple_tag
def stadt_chart(chart: charts.Chart, height: str = "medium") -> SafeString:
    """Write the chart element with its table inside."""
    return _render("chart", **chart_context(chart, height))


@register.filter
def host(url: str) -> str:
    """Return the host name of an address, for links that leave the city's pages."""
    return urlsplit(url).hostname or ""

"""Values of people computed again from what they cite: the entry, the frozen copy of a file, other stored values."""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.translation import gettext

from stadt.core.errors import NotFound
from stadt.hub.indicators import queries
from stadt.hub.indicators.declaration import Figure
from stadt.hub.indicators.kept.figures import REASONS, Numbers
from stadt.hub.indicators.kept.mapping import cells_of, read_mapping, rows_of
from stadt.hub.indicators.kept.means import mean_figure
from stadt.hub.indicators.kept.storing import definition_for, numbers_of, shown_figure
from stadt.hub.indicators.models import Entry, FigureFile, IndicatorValue
from stadt.hub.indicators.states import Origin, ValueState


def recompute(row: IndicatorValue) -> Figure:
    """The figure that a stored value's source gives.

    Raises:
        NotFound: the source is not what the value cites any more.
    """
    if queries.is_hidden_now(row) or (row.origin == Origin.DERIVED and row.value is None):
        state = ValueState.SUPPRESSED if queries.is_hidden_now(row) else ValueState(row.state)
        return Figure.missing(REASONS[state], state)
    definition = definition_for(row.key, row.version)
    [cited] = row.inputs
    if row.origin == Origin.DERIVED:
        years = IndicatorValue.objects.filter(pk__in=cited["values"]).order_by("period_start")
        return mean_figure(definition, list(years))
    entry = Entry.objects.select_related("file__kept").get(pk=cited["entry"])
    said = numbers_of(entry) if row.origin == Origin.ENTRY else _said_by_file(entry, cited)
    return shown_figure(definition, said, cited["threshold"], hidden=cited["hidden"])


def _said_by_file(entry: Entry, cited: dict[str, Any]) -> Numbers:
    file = entry.file
    if file is None or file.mapping is None or file.sha256 != cited["sha256"]:
        raise NotFound(gettext("Die Datei, die der Wert zitiert, gibt es nicht mehr."))
    content = bytes(FigureFile.objects.values_list("content", flat=True).get(pk=file.pk))
    if hashlib.sha256(content).hexdigest() != cited["sha256"]:
        raise NotFound(gettext("Die Datei ist nicht mehr die, die der Wert zitiert."))
    mapping = read_mapping(file.mapping)
    rows = rows_of(cells_of(file, mapping.sheet), mapping)
    draft = next((row.draft for row in rows if row.number == cited["row"]), None)
    if draft is None:
        raise NotFound(gettext("Die Zeile, die der Wert zitiert, ist nicht lesbar."))
    return Numbers(draft.value, draft.numerator, draft.denominator, draft.deviation, draft.state)

"""The charts of the waste app."""

from django.utils.translation import gettext as _

from stadt.apps.waste.queries import NEARLY_FULL, ContainerNow, fill_history
from stadt.web.charts import Chart, ChartColumn, ChartKind, ColumnKind, ReferenceLine


def fill_chart(now: ContainerNow) -> Chart | None:
    """Fill level of a container over the last seven days; None without readings."""
    if now.datastream_id is None:
        return None
    history = fill_history(now.datastream_id)
    if not history:
        return None
    lowest, highest = min(item.minimum for item in history), max(item.maximum for item in history)
    return Chart(
        title=_("Füllstand der letzten sieben Tage"),
        kind=ChartKind.LINE,
        columns=[ChartColumn(_("Zeit"), ColumnKind.TIME), ChartColumn(_("Füllstand"), unit="%", digits=0)],
        rows=[[item.time, round(item.mean, 1)] for item in history],
        summary=_("Stundenmittel; der Füllstand lag zwischen %(lowest)d und %(highest)d Prozent.")
        % {"lowest": round(lowest), "highest": round(highest)},
        simulated=any(item.is_simulated for item in history),
        lines=[ReferenceLine(NEARLY_FULL, _("fast voll"))],
    )

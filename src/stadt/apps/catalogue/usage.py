"""How often a dataset was used: by local day and format, as counted without addresses."""

from collections import defaultdict
from datetime import date, timedelta

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.catalogue.finding import FORMAT_TITLES
from stadt.hub.datasets.models import AccessCount
from stadt.web.charts import Chart, ChartColumn, ChartKind, ColumnKind
from stadt.web.formats import number

DAYS = 30


def count_by_day(key: str, since: date) -> dict[date, dict[str, int]]:
    """Accesses from a local day on: day → format → count; days without any are left out."""
    rows = (
        AccessCount.objects.filter(dataset=key, day__gte=since)
        .values("day", "format")
        .annotate(total=Sum("count"))
        .order_by("day", "format")
    )
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row["day"]][row["format"]] = row["total"]
    return dict(found)


def usage_chart(key: str) -> Chart | None:
    """The last thirty days, each with its downloads and calls by format; None without a single one."""
    today = timezone.localdate()
    since = today - timedelta(days=DAYS - 1)
    found = count_by_day(key, since)
    if not found:
        return None
    totals: dict[str, int] = defaultdict(int)
    for counts in found.values():
        for form, count in counts.items():
            totals[form] += count
    forms = sorted(totals, key=lambda form: (-totals[form], form))
    days = [since + timedelta(days=step) for step in range(DAYS)]
    told = ", ".join(f"{_title(form)} {number(totals[form])}" for form in forms)
    return Chart(
        title=gettext("Zugriffe je Tag"),
        kind=ChartKind.STACKED_BAR,
        columns=(
            ChartColumn(gettext("Tag"), ColumnKind.DATE),
            *(ChartColumn(_title(form), digits=0) for form in forms),
        ),
        rows=[(day, *(found.get(day, {}).get(form, 0) for form in forms)) for day in days],
        summary=gettext("%(count)s Zugriffe in 30 Tagen: %(told)s.")
        % {"count": number(sum(totals.values())), "told": told},
    )


def _title(form: str) -> str:
    return FORMAT_TITLES.get(form) or (gettext("Schnittstelle") if form == "api" else form)

"""`/vorgaenge/download/<form>/`: the list of the inbox as a file for a spreadsheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stadt.apps.desk.exporting import write_csv, write_xlsx
from stadt.apps.desk.filters import FilterForm, surroundings
from stadt.civic.cases.queries import COLUMNS, export_rows
from stadt.core.errors import NotFound
from stadt.core.people.access import actor_of

WRITERS = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@require_safe
@never_cache
def export(request: HttpRequest, form: str) -> HttpResponse:
    """All cases of the address's filters, without contact data, texts of residents and notes. Kept in the audit."""
    if form not in WRITERS:
        raise NotFound(gettext("Diese Form gibt es nicht."))
    write, kind = WRITERS[form]
    actor = actor_of(request)
    query = FilterForm(request.GET, surroundings(actor)).as_query()
    answer = HttpResponse(write(COLUMNS, export_rows(actor, query)), content_type=kind)
    name = f"vorgaenge-{timezone.localdate().isoformat()}.{form}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

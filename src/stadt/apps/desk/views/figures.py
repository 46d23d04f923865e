"""`/vorgaenge/auslastung/`: what is open with whom, and how well a period went by team and category."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stadt.apps.desk import figures
from stadt.apps.desk.people import list_teams
from stadt.apps.desk.wording import titled
from stadt.civic.cases.queries import has_examples, quality, workload
from stadt.civic.cases.versions import list_types
from stadt.core.people.access import actor_of
from stadt.core.people.models import User


@require_safe
@never_cache
def show_figures(request: HttpRequest) -> HttpResponse:
    """`?tage=30`, 90 or 365."""
    actor = actor_of(request)
    asked = request.GET.get("tage", "")
    days = next((one for one in figures.PERIODS if str(one) == asked), figures.PERIODS[0])
    since, until = figures.period_of(days, timezone.localdate())
    teams = {one.organisation.pk: one.organisation.name for one in list_teams(actor)}
    loads = workload(actor)
    people = User.objects.in_bulk([one.assignee_id for one in loads if one.assignee_id is not None])
    types = list_types()
    names = {(one.key, entry.key): titled(entry) for one in types for entry in one.categories}
    titles = {one.key: titled(one) for one in types}
    by_team = quality(actor, since, until)
    by_category = quality(actor, since, until, by="category")
    context = {
        "is_example": has_examples(actor),
        "load": figures.load_table(loads, teams, people),
        "teams": figures.quality_table(
            by_team,
            gettext("Team"),
            lambda one: teams.get(one.organisation_id or 0, gettext("Stadt, ohne Team")),
        ),
        "categories": figures.quality_table(
            by_category,
            gettext("Kategorie"),
            lambda one: names.get((one.type_key, one.category)) or titles.get(one.type_key, one.type_key),
        ),
        "units": figures.units_in_words(types),
        "open": sum(one.open for one in loads),
        "overdue": sum(one.overdue for one in loads),
        "opened": sum(one.opened for one in by_team),
        "closed": sum(one.closed for one in by_team),
        "periods": [
            (
                ngettext("letzter %(count)s Tag", "letzte %(count)s Tage", one) % {"count": one},
                f"?tage={one}",
                one == days,
            )
            for one in figures.PERIODS
        ],
        "days": days,
    }
    return render(request, "desk/figures.html", context)

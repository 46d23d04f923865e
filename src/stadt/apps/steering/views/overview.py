"""`/steuerung/`: the cockpit, and the list of warnings."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadt.apps.steering import queries, strategy
from stadt.apps.steering.forms import OverviewFilter
from stadt.apps.steering.models import Evaluation, Target
from stadt.apps.steering.presentation import (
    counts_of,
    title_of,
    verdict_columns,
    verdict_rows,
    warning_columns,
    warning_rows,
)
from stadt.apps.steering.rights import ASSESS, PROPOSE_TARGETS
from stadt.apps.steering.states import WarningState
from stadt.apps.steering.verdict import State as Step
from stadt.apps.steering.verdicts import list_verdicts
from stadt.apps.steering.words import step_word
from stadt.core.people.access import actor_of
from stadt.web.tables import CellKind, LinkCell, TableColumn

PAGE_LENGTH = 25
WARNINGS_SHOWN = 10


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """What waits for me, how the targets stand, and what goes wrong."""
    actor = actor_of(request)
    themes = [(code, f"{code} {title}") for code, title in strategy.list_themes()]
    form = OverviewFilter(request.GET, themes, [(step.value, step_word(step)) for step in Step])
    is_sound = form.is_valid()
    wanted = form.cleaned_data if is_sound else {}
    verdicts = list_verdicts()
    found = [
        one
        for one in verdicts
        if (not wanted.get("leitthema") or strategy.theme_of(one.measure or one.code) == wanted["leitthema"])
        and (not wanted.get("urteil") or one.state.value == wanted["urteil"])
    ]
    page = Paginator(found if is_sound else [], PAGE_LENGTH).get_page(request.GET.get("seite"))
    warnings = queries.list_warnings(actor)
    duties = queries.duties_of(actor)
    context = {
        "form": form,
        "counts": counts_of(verdicts),
        "example_count": sum(one.is_example for one in verdicts),
        "page": page,
        "found": len(found),
        "any_target": bool(verdicts),
        "verdict_columns": verdict_columns(),
        "verdicts": verdict_rows(page.object_list),
        "duties": duties,
        "duty_columns": [
            TableColumn("what", _("Was")),
            TableColumn("since", _("seit oder bis"), CellKind.DATE),
        ],
        "duty_rows": _duty_rows(duties),
        "warning_columns": warning_columns(),
        "warnings": warning_rows(warnings[:WARNINGS_SHOWN]),
        "warning_count": len(warnings),
        "may_propose": actor.can(PROPOSE_TARGETS),
        "may_assess": actor.can(ASSESS),
        "measures": [(one.code, f"{one.code} {one.title}") for one in strategy.list_measures()],
    }
    return render(request, "steering/overview.html", context, status=200 if is_sound else 400)


@require_safe
def list_all_warnings(request: HttpRequest) -> HttpResponse:
    """`/steuerung/warnungen/`: all warnings, those that are over too."""
    wanted = request.GET.get("zustand", "")
    states = [wanted] if wanted in WarningState.values else list(WarningState.values)
    found = queries.list_warnings(actor_of(request), states=states)
    page = Paginator(found, PAGE_LENGTH).get_page(request.GET.get("seite"))
    here = reverse("steering:warnings")
    tabs = [(_("Alle"), here, not wanted)] + [
        (str(state.label), f"{here}?zustand={state.value}", wanted == state.value) for state in WarningState
    ]
    context = {
        "page": page,
        "tabs": tabs,
        "columns": warning_columns(),
        "rows": warning_rows(page.object_list),
    }
    return render(request, "steering/warnings.html", context)


def _duty_rows(duties: queries.Duties) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for row in warning_rows(duties.warnings):
        link = row["title"]
        if isinstance(link, LinkCell):
            text = _("Warnung beantworten: %(what)s (%(about)s)") % {"what": link.text, "about": row["about"]}
            rows.append({"what": LinkCell(text, link.url), "since": row["answer_by"]})
    rows += [_target_duty(one) for one in duties.targets]
    rows += [_evaluation_duty(one) for one in duties.evaluations]
    return rows


def _target_duty(target: Target) -> dict[str, object]:
    text = _("Soll-Wert beschließen: %(code)s %(title)s") % {
        "code": target.code,
        "title": title_of(target.code),
    }
    return {"what": LinkCell(text, reverse("steering:target", args=[target.pk])), "since": target.proposed_at}


def _evaluation_duty(evaluation: Evaluation) -> dict[str, object]:
    about = {"code": evaluation.measure, "title": title_of(evaluation.measure)}
    text = _("Bewertung bestätigen: %(code)s %(title)s") % about
    return {
        "what": LinkCell(text, reverse("steering:measure", args=[evaluation.measure])),
        "since": evaluation.proposed_at,
    }

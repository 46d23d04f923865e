"""Pages of teams: one measure's, and the measures somebody works on."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from stadt.apps.strategy.document import Measure, strategy
from stadt.apps.strategy.teams import queries, services
from stadt.apps.strategy.teams.forms import MemberForm, PartnerForm, StaffCouncilForm
from stadt.apps.strategy.teams.kinds import Consultation
from stadt.apps.strategy.teams.rights import ASSIGN_TEAM, SEE_INTERNAL
from stadt.core.errors import Invalid, NotFound
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor
from stadt.core.people.models import User
from stadt.web.refusals import RefusableForm
from stadt.web.tables import LinkCell, TableColumn


@require_safe
def own_teams(request: HttpRequest) -> HttpResponse:
    """`/strategie/teams/`: the measures one works on."""
    measures = strategy().measures
    codes = queries.codes_of(actor_of(request).user_id)
    rows = [
        {
            "measure": LinkCell(
                f"{measure.code} {measure.title}", reverse("strategy:measure", args=[measure.code])
            ),
            "team": LinkCell(gettext("Team"), reverse("strategy:team", args=[measure.code])),
        }
        for measure in measures.values()
        if measure.code in codes
    ]
    columns = [TableColumn("measure", gettext("Maßnahme")), TableColumn("team", gettext("Team"))]
    context = {"columns": columns, "rows": rows, "is_known": actor_of(request).is_known}
    return render(request, "strategy/teams/own.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, code: str) -> HttpResponse:
    """`/strategie/massnahmen/<code>/team/`: who works on the measure; whoever may, changes it here."""
    actor = actor_of(request)
    if not actor.is_known and code in strategy().measures:
        return redirect_to_login(request.get_full_path())
    measure = _get_seen(actor, code)
    may_assign = actor.can(ASSIGN_TEAM)
    forms = _forms(code)
    status = 200
    if request.method == "POST":
        actor.require(ASSIGN_TEAM)
        if "end_member" in request.POST or "end_partner" in request.POST:
            _end(actor, code, request)
            return redirect("strategy:team", code)
        refused = _keep(actor, code, request, forms)
        if refused is None:
            return redirect("strategy:team", code)
        status = refused
    context = {
        "measure": measure,
        "members": queries.list_members(code, also_over=may_assign),
        "partners": queries.list_partners(code),
        "is_one_silo": queries.is_one_silo(code),
        "staff_council": _staff_council(code),
        "may_assign": may_assign,
        "forms": forms,
    }
    return render(request, "strategy/teams/team.html", context, status=status)


def panel(request: HttpRequest) -> dict[str, Any]:
    """The team on the internal part of a measure's page."""
    match = request.resolver_match
    code = str(match.kwargs.get("code", "")) if match else ""
    if not may_see(actor_of(request), code):
        return {}
    return {
        "team_code": code,
        "team": queries.list_members(code),
        "team_partners": queries.list_partners(code),
        "is_one_silo": queries.is_one_silo(code),
        "staff_council": _staff_council(code),
    }


def may_see(actor: Actor, code: str) -> bool:
    """Whether the team of a measure may be seen: by those who put teams together or see the inside, and by its members."""
    return actor.can(ASSIGN_TEAM) or actor.can(SEE_INTERNAL) or queries.is_member(actor.user_id, code)


def _get_seen(actor: Actor, code: str) -> Measure:
    """The measure. Raises NotFound for strangers and for codes that nothing has, alike."""
    measure = strategy().measures.get(code)
    if measure is None or not may_see(actor, code):
        raise NotFound(gettext("Diese Seite gibt es nicht, oder Sie dürfen sie nicht sehen."))
    return measure


def _staff_council(code: str) -> str:
    kept = queries.find_consultation(code)
    words = str(Consultation(kept.state).label)
    if kept.on:
        words = f"{words} ({date_format(kept.on, 'SHORT_DATE_FORMAT')})"
    return f"{words}. {kept.note}" if kept.note else words


def _forms(code: str) -> dict[str, RefusableForm]:
    kept = queries.find_consultation(code)
    return {
        "member": MemberForm(prefix="member"),
        "partner": PartnerForm(prefix="partner"),
        "staff_council": StaffCouncilForm(
            prefix="staff_council", initial={"state": kept.state, "on": kept.on, "note": kept.note}
        ),
    }


def _keep(actor: Actor, code: str, request: HttpRequest, shown: dict[str, RefusableForm]) -> int | None:
    """Do what one of the page's forms asks; None when it is done, else the status of the page that tells why not."""
    name = next((name for name in shown if name == request.POST.get("form")), None)
    if name is None:
        return 422
    form = type(shown[name])(request.POST, prefix=name)
    shown[name] = form
    if not form.is_valid():
        return 422
    try:
        _do(actor, code, name, form.cleaned_data)
    except Invalid as error:
        form.show(error)
        return 422
    messages.success(request, gettext("Gespeichert."))
    return None


def _do(actor: Actor, code: str, name: str, data: dict[str, Any]) -> None:
    if name == "member":
        email = data["user"].strip().lower()
        user_id = User.objects.filter(email=email).values_list("pk", flat=True).first() or 0
        services.add_member(
            actor, code, user_id, data["kind"], data["organisation"], since=data["since"], until=data["until"]
        )
    elif name == "partner":
        services.name_partner(
            actor, code, data["organisation"], data["role"], since=data["since"], until=data["until"]
        )
    else:
        services.note_staff_council(actor, code, data["state"], data["on"], data["note"])


def _end(actor: Actor, code: str, request: HttpRequest) -> None:
    members = {str(one.id) for one in queries.list_members(code)}
    partners = {str(one.id) for one in queries.list_partners(code)}
    if (pk := request.POST.get("end_member", "")) in members:
        services.end_membership(actor, int(pk))
    elif (pk := request.POST.get("end_partner", "")) in partners:
        services.end_partner(actor, int(pk))
    else:
        raise NotFound(gettext("Dieses Teammitglied gibt es nicht."))
    messages.success(request, gettext("Beendet."))

"""Pages of the bodies and of the roles of the strategy."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from stadt.apps.governance.forms import SeatForm
from stadt.apps.governance.kinds import BodyKind
from stadt.apps.governance.models import Body
from stadt.apps.governance.queries import bodies as queries
from stadt.apps.governance.rights import KEEP_BODIES, SEE
from stadt.apps.governance.roles import templates
from stadt.apps.governance.services import bodies as services
from stadt.apps.governance.services import roles
from stadt.core.errors import Invalid, NotFound
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor
from stadt.core.people.models import Role, User
from stadt.core.registry import registry


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """`/gremien/`: which bodies steer the strategy, without names of people."""
    actor = actor_of(request)
    context = {
        "bodies": [(body, BodyKind(body.kind).label) for body in queries.list_bodies()],
        "may_keep": actor.can(KEEP_BODIES),
        "may_see": actor.can(SEE),
    }
    return render(request, "governance/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def show_body(request: HttpRequest, key: str) -> HttpResponse:
    """`/gremien/gremium/<key>/`: who sits in a body; names are for those who see internal pages."""
    actor = actor_of(request)
    body = queries.find_body(key)
    if body is None:
        raise NotFound(gettext("Dieses Gremium gibt es nicht."))
    form = SeatForm(request.POST if request.method == "POST" and "end_seat" not in request.POST else None)
    if request.method == "POST":
        actor.require(KEEP_BODIES)
        if _change(request, actor, body, form):
            messages.success(request, gettext("Gespeichert."))
            return redirect("governance:body", key)
    context = {
        "body": body,
        "kind": BodyKind(body.kind).label,
        "may_see": actor.can(SEE) or actor.can(KEEP_BODIES),
        "may_keep": actor.can(KEEP_BODIES),
        "seats": queries.seats_of(body),
        "form": form,
    }
    return render(request, "governance/body.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def load_bodies(request: HttpRequest) -> HttpResponse:
    """`/gremien/uebernehmen/`: take the bodies of the city's folder."""
    if request.method == "POST":
        count = services.load_bodies(actor_of(request))
        messages.success(request, gettext("Übernommen. Geändert: %(count)d.") % {"count": count})
    return redirect("governance:overview")


@require_http_methods(["GET", "HEAD", "POST"])
def show_roles(request: HttpRequest) -> HttpResponse:
    """`/gremien/rollen/`: the roles of the strategy with their permissions, and the button that installs them."""
    done = None
    if request.method == "POST":
        known = {template.key for template in templates()}
        done = roles.install_roles(
            actor_of(request), [key for key in request.POST.getlist("reset") if key in known]
        )
    held = set(Role.objects.values_list("key", flat=True))
    context = {
        "templates": [
            {
                "template": template,
                "is_installed": template.key in held,
                "titles": [gettext(registry.permissions[key].title) for key in template.known],
            }
            for template in templates()
        ],
        "unknown": sorted({key for template in templates() for key in template.unknown}),
        "changed": roles.plan_roles(),
        "done": done,
    }
    return render(request, "governance/roles.html", context)


def _change(request: HttpRequest, actor: Actor, body: Body, form: SeatForm) -> bool:
    if (seat := request.POST.get("end_seat", "")) != "":
        if seat not in {str(one.id) for one in queries.seats_of(body)}:
            raise NotFound(gettext("Diesen Sitz gibt es nicht mehr."))
        services.end_seat(actor, int(seat))
        return True
    if not form.is_valid():
        return False
    data = form.cleaned_data
    user_id = (
        User.objects.filter(email=data["user"].strip().lower()).values_list("pk", flat=True).first() or 0
    )
    try:
        services.give_seat(actor, body.key, user_id, data["role"], since=data["since"], until=data["until"])
    except Invalid as error:
        form.show(error)
        return False
    return True

"""What a signed-in person has begun and sent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from stadt.apps.services import services
from stadt.apps.services.offers import language, slug_of
from stadt.apps.services.showing import planned_sentence
from stadt.civic.cases.catalogue import Face
from stadt.civic.cases.placeholders import title_in
from stadt.civic.cases.queries import list_own_cases
from stadt.civic.cases.versions import list_types, types_of
from stadt.civic.forms.queries import list_drafts
from stadt.civic.messages.services.links import confine
from stadt.core.people.access import actor_of

STATES = {
    Face.RECEIVED: "info",
    Face.CHECKING: "info",
    Face.PLANNED: "warning",
    Face.DONE: "success",
    Face.NOT_POSSIBLE: "neutral",
}


@require_safe
def list_own(request: HttpRequest) -> HttpResponse:
    """`/dienste/meine/`: drafts and cases of the signed-in person."""
    actor = actor_of(request)
    cases = list_own_cases(actor)
    types = types_of(cases)
    services_by_form = {one.form: one for one in list_types() if one.door == "dienste"}
    context = {
        "cases": [
            {
                "case": case,
                "title": title_in(case, types[case.type_key, case.type_version], language()),
                "service": types[case.type_key, case.type_version].translated("title", language()),
                "face": Face(case.face).label,
                "state": STATES[Face(case.face)],
                "planned": planned_sentence(case.planned_for, case.face),
            }
            for case in cases
        ],
        "drafts": [
            {"draft": draft, "title": services_by_form[draft.version.key].translated("title", language())}
            for draft in list_drafts(actor)
            if draft.version.key in services_by_form
        ],
    }
    return confine(render(request, "services/own.html", context))


def open_case(request: HttpRequest, reference: str) -> HttpResponse:
    """`/dienste/meine/<reference>/`: to the page of an own case, by a link made for this visit."""
    if request.method != "POST":  # who signs in on the way comes back by GET: nothing is made by reading
        return redirect("services:own")
    secret = services.open_own_case(actor_of(request), reference)
    return confine(redirect("services:case_by_link", secret))


def open_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """`/dienste/meine/entwurf/<id>/`: go on with an own draft; links to it that were given out before end."""
    if request.method != "POST":
        return redirect("services:own")
    one, secret = services.open_own_draft(actor_of(request), pk)
    return confine(redirect("services:draft", slug_of(one), secret))

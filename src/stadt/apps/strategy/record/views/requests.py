"""`/strategie/aenderungen/…`: change requests from the first line to the decision; for those who work on the strategy."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_http_methods, require_safe

from stadt.apps.strategy.record import access, presentation, services
from stadt.apps.strategy.record.changes import kind_named
from stadt.apps.strategy.record.content import kind_of
from stadt.apps.strategy.record.forms import (
    ApproveForm,
    ChangeForm,
    ChooseForm,
    CommentForm,
    RejectForm,
    RequestForm,
)
from stadt.apps.strategy.record.kinds import KINDS
from stadt.apps.strategy.record.models import ChangeRequest
from stadt.apps.strategy.record.queries import strategy_at
from stadt.apps.strategy.record.services.decisions import workers_on
from stadt.apps.strategy.record.states import UNDECIDED, RequestState
from stadt.apps.strategy.rights import APPROVE, COSIGN, EDIT, PROPOSE
from stadt.core.errors import Conflict, Forbidden, Invalid, NotFound
from stadt.core.people.access import actor_of
from stadt.core.people.actor import Actor
from stadt.hub.datasets.kept.who import who_is
from stadt.web.refusals import RefusableForm
from stadt.web.tables import CellKind, LinkCell, TableColumn

PAGE_LENGTH = 25
PLAIN_ACTIONS: dict[str, tuple[Callable[[Actor, int], object], str]] = {
    "submit": (services.submit, _("Der Antrag ist vorgelegt.")),
    "reopen": (services.reopen, _("Der Antrag ist wieder in Arbeit.")),
    "withdraw": (services.withdraw, _("Der Antrag ist zurückgezogen.")),
    "cosign": (services.cosign, _("Der Antrag ist mitgezeichnet.")),
}


@require_safe
def requests(request: HttpRequest) -> HttpResponse:
    """The requests that are shown to this person, undecided ones first."""
    actor = actor_of(request)
    page = Paginator(access.list_requests(actor), PAGE_LENGTH).get_page(request.GET.get("seite"))
    names = presentation.names_of(one.opened_by for one in page)
    rows = [
        {
            "title": LinkCell(_title(one), reverse("strategy:request", args=[one.pk])),
            "state": presentation.state_cell(one),
            "who": names.get(one.opened_by),
            "when": one.opened_at,
        }
        for one in page
    ]
    columns = [
        TableColumn("title", gettext("Antrag")),
        TableColumn("state", gettext("Zustand")),
        TableColumn("who", gettext("begonnen von")),
        TableColumn("when", gettext("am"), CellKind.DATE),
    ]
    context = {"rows": rows, "columns": columns, "page": page, "may_propose": _may_propose(actor)}
    return render(request, "strategy/record/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_request(request: HttpRequest) -> HttpResponse:
    """Begin a request."""
    actor = actor_of(request)
    if not _may_propose(actor):
        actor.require(PROPOSE)
    form = RequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_change_request(actor, **form.cleaned_data)
        except Invalid as error:
            form.show(error)
        else:
            return redirect("strategy:request", made.pk)
    return render(
        request, "strategy/record/new_request.html", {"form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def show_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what it would change, the discussion, and what can be done with it now."""
    actor = actor_of(request)
    found = _get(actor, pk)
    forms = _forms(request, found)
    status = 200
    if request.method == "POST":
        try:
            done = _act(request, actor, found, forms)
        except (Conflict, Forbidden) as error:
            done, status = False, error.status
            messages.error(request, error.detail)
        if done:
            return redirect("strategy:request", pk)
        found.refresh_from_db()
        status = 422 if status == 200 else status
    return render(request, "strategy/record/request.html", _shown(actor, found, forms), status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def put_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a kind and an item, then fill in what is to change."""
    actor = actor_of(request)
    found = _get(actor, pk)
    if not access.may_change_request(actor, found):
        raise Forbidden(
            gettext("Diesen Antrag ändern nur, wer ihn begonnen hat, und wer Anträge bearbeitet.")
        )
    kinds = [(kind.key, gettext(kind.title)) for kind in KINDS.values() if kind.key != "add_text"]
    choose = ChooseForm(request.GET if "art" in request.GET else None, kinds=kinds)
    form = _change_form(request, choose) if choose.is_bound and choose.is_valid() else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            services.put_change(actor, pk, form.as_draft())
        except (Invalid, Conflict) as error:
            form.show(error)
        else:
            messages.success(request, gettext("Die Änderung steht im Antrag."))
            return redirect("strategy:request", pk)
    is_wrong = choose.errors or (form is not None and form.errors)
    context = {"request_row": found, "choose": choose, "form": form, "kind": form.kind if form else None}
    context["kind_title"] = gettext(form.kind.title) if form else ""
    return render(request, "strategy/record/change.html", context, status=422 if is_wrong else 200)


def _change_form(request: HttpRequest, choose: ChooseForm) -> ChangeForm | None:
    """The form of the chosen kind; None, with a word in the choice, where the item does not fit it."""
    kind, code = kind_named(choose.cleaned_data["art"]), choose.cleaned_data["code"].strip()
    content = strategy_at()
    item = content.find(code)
    if kind.adds:
        if kind.items[0] in {"measure", "indicator"} and code not in content.fields:
            choose.add_error("code", gettext("nennt kein Handlungsfeld"))
            return None
        item = None
    elif item is None or kind_of(code) not in kind.items:
        choose.add_error("code", gettext("passt nicht zu dieser Art von Änderung"))
        return None
    data = request.POST if request.method == "POST" else None
    return ChangeForm(
        data, kind=kind, item=item, code="" if kind.key == "add_annotation" else code, content=content
    )


def _act(request: HttpRequest, actor: Actor, found: ChangeRequest, forms: dict[str, RefusableForm]) -> bool:
    """Do what a button asks; False when a form has to be corrected."""
    action = request.POST.get("action", "")
    if action in PLAIN_ACTIONS:
        verb, told = PLAIN_ACTIONS[action]
        verb(actor, found.pk)
        messages.success(request, gettext(told))
        return True
    if action == "drop":
        number = request.POST.get("change", "")
        services.drop_change(actor, found.pk, int(number) if number.isdecimal() and len(number) < 12 else 0)
        return True
    form = forms.get(action)
    if form is None:
        raise Conflict(gettext("Das geht hier nicht."))
    if not form.is_valid():
        return False
    try:
        if action == "comment":
            services.comment(actor, found.pk, **form.cleaned_data)
        elif action == "approve":
            services.approve(actor, found.pk, **form.cleaned_data)
            messages.success(request, gettext("Der Antrag ist beschlossen."))
        else:
            services.reject(actor, found.pk, **form.cleaned_data)
            messages.success(request, gettext("Der Antrag ist abgelehnt."))
    except Invalid as error:
        form.show(error)
        return False
    return True


def _forms(request: HttpRequest, found: ChangeRequest) -> dict[str, RefusableForm]:
    """The page's forms; the one whose button was used holds what was sent."""
    action = request.POST.get("action") if request.method == "POST" else None
    return {
        "comment": CommentForm(request.POST if action == "comment" else None, prefix=None),
        "approve": ApproveForm(
            request.POST if action == "approve" else None,
            initial={"revision": found.revision},
            auto_id="id_approve_%s",
        ),
        "reject": RejectForm(request.POST if action == "reject" else None, auto_id="id_reject_%s"),
    }


def _shown(actor: Actor, found: ChangeRequest, forms: dict[str, RefusableForm]) -> dict[str, Any]:
    state = RequestState(found.state)
    comments = list(found.comments.order_by("said_at", "pk"))
    people = [one.said_by for one in comments]
    people += [found.opened_by, found.submitted_by, found.cosigned_by, found.decided_by]
    names = presentation.names_of(people)
    may_change = access.may_change_request(actor, found)
    is_other = who_is(actor) not in workers_on(found)
    must_cosign = services.needs_cosign(found) if state in UNDECIDED else False
    is_submitted = state is RequestState.SUBMITTED
    would = presentation.would_be(found) if state in UNDECIDED else None
    return {
        "request_row": found,
        "title": _title(found),
        "state": presentation.state_cell(found),
        "facts": _facts(found, names),
        "changes": [presentation.change_words(change) for change in found.changes.order_by("pk")],
        "difference": would,
        "comments": [(names.get(one.said_by, gettext("nicht mehr vorhanden")), one) for one in comments],
        "forms": forms,
        "must_cosign": must_cosign,
        "may": {
            "change": may_change and state is RequestState.OPEN,
            "submit": may_change and state is RequestState.OPEN and found.changes.exists(),
            "reopen": may_change and is_submitted,
            "withdraw": may_change and state in UNDECIDED,
            "comment": state in UNDECIDED and access.may_comment(actor, found),
            "cosign": is_submitted and must_cosign and is_other and actor.can(COSIGN),
            "decide": is_submitted and is_other and actor.can(APPROVE),
        },
        "is_own_decision": is_submitted and actor.can(APPROVE) and not is_other,
    }


def _facts(found: ChangeRequest, names: dict[str, str]) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [
        (gettext("Zustand"), presentation.state_cell(found)),
        (gettext("Begründung"), found.reason),
        (gettext("begonnen von"), names.get(found.opened_by)),
    ]
    if found.submitted_by:
        facts.append((gettext("vorgelegt von"), names.get(found.submitted_by)))
    if found.cosigned_by:
        facts.append((gettext("mitgezeichnet von"), names.get(found.cosigned_by)))
    if found.decided_by:
        facts.append((gettext("entschieden von"), names.get(found.decided_by)))
    if found.decision_reference:
        facts.append((gettext("Beschluss"), found.decision_reference))
    if found.valid_from:
        facts.append((gettext("gilt ab"), found.valid_from.isoformat()))
    if found.decision_note:
        facts.append((gettext("Begründung der Entscheidung"), found.decision_note))
    return facts


def _get(actor: Actor, pk: int) -> ChangeRequest:
    found = ChangeRequest.objects.filter(pk=pk).first() if pk < 2**63 else None
    if found is None or not access.may_see_request(actor, found):
        raise NotFound(gettext("Diesen Änderungsantrag gibt es nicht."))
    return found


def _title(found: ChangeRequest) -> str:
    return gettext("Beispiel: %(title)s") % {"title": found.title} if found.is_example else found.title


def _may_propose(actor: Actor) -> bool:
    return actor.can(PROPOSE) or actor.can(EDIT)

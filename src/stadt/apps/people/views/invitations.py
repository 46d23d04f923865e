"""`/betrieb/einladungen/` for those who invite, and `/einladung/` for those who were invited."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stadt.apps.people import forms, mails, presentation, queries
from stadt.apps.people.views.refusing import refuse
from stadt.core.errors import Forbidden, NotFound, StadtError
from stadt.core.people import services
from stadt.core.people.access import actor_of
from stadt.core.people.models import Invitation, User
from stadt.core.people.reach import MANAGE_PEOPLE, reach_of
from stadt.core.people.services.invitations import WrongAddress, digest_of

logger = logging.getLogger("stadt.people")

PER_PAGE = 50
REMEMBERED = "invitation"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def list_invitations(request: HttpRequest) -> HttpResponse:
    """Invitations that nobody took yet, and a form for the next."""
    actor = actor_of(request)
    reach = reach_of(actor, MANAGE_PEOPLE)
    form = forms.InvitationForm(actor, reach, request.POST if request.method == "POST" else None)
    status = 422 if form.errors else 200
    if form.is_valid():
        data = form.cleaned_data
        try:
            made, secret = services.invite(
                actor, data["email"], data["role"], data["organisation"],
                until=presentation.end_after(data["until"]) if data["until"] else None,
            )  # fmt: skip
        except StadtError as refusal:
            status = refuse(form, refusal)
        else:
            _send(request, made, secret)
            return redirect("people:invitations")
    page = Paginator(queries.list_invitations(reach), PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "form": form,
        "page": page,
        "invitations": page.object_list,
        "sections": presentation.sections("people:invitations"),
    }
    return render(request, "people/invitations.html", context, status=status)


def _send(request: HttpRequest, invitation: Invitation, secret: str) -> None:
    try:
        mails.send_invitation(invitation, secret)
    except OSError as error:
        logger.warning("the mail of invitation %d did not leave: %s", invitation.pk, type(error).__name__)
        messages.error(
            request,
            gettext("Die E-Mail ging nicht hinaus. Versuchen Sie es später mit „Noch einmal senden“."),
        )
    else:
        messages.success(request, gettext("Die Einladung ist unterwegs. Sie gilt vierzehn Tage."))


@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a new link; the old one no longer works."""
    made, secret = services.renew_invitation(actor_of(request), pk)
    _send(request, made, secret)
    return redirect("people:invitations")


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the link useless."""
    services.revoke_invitation(actor_of(request), pk)
    messages.success(request, gettext("Die Einladung ist widerrufen, ihr Link gilt nicht mehr."))
    return redirect("people:invitations")


@require_safe
@never_cache
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """Remember the invitation in the session and go on without the secret in the address.

    Looking at the link changes nothing: mail programs open links too.
    """
    digest = digest_of(secret)
    if services.find_invitation(digest) is None:
        return _gone(request)
    request.session[REMEMBERED] = digest.hex()
    return redirect("people:invitation")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show_invitation(request: HttpRequest) -> HttpResponse:
    """What is offered; signed in with the invited address, a button accepts it."""
    digest = bytes.fromhex(str(request.session.get(REMEMBERED, "")))
    found = services.find_invitation(digest) if digest else None
    if found is None:
        return _gone(request)
    is_wrong = False
    if request.method == "POST":
        if not isinstance(request.user, User):
            return redirect("people:invitation")
        try:
            services.accept_invitation(actor_of(request), request.user, digest)
        except WrongAddress:
            is_wrong = True
        except NotFound:
            return _gone(request)
        else:
            del request.session[REMEMBERED]
            messages.success(request, gettext("Willkommen. Ihre neue Rolle gilt ab sofort."))
            return redirect("web:account")
    context = {"invitation": found, "is_wrong": is_wrong, "last_day": presentation.last_day(found.role_until)}
    return render(request, "people/invitation.html", context, status=Forbidden.status if is_wrong else 200)


def _gone(request: HttpRequest) -> HttpResponse:
    request.session.pop(REMEMBERED, None)
    return render(request, "people/invitation_gone.html", status=404)

"""`/konto/sitzungen/`: where a person is signed in, and ending that."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stadt.core.errors import NotFound
from stadt.core.people.access import actor_of
from stadt.core.people.models import User
from stadt.core.people.sessions import end_session, end_sessions, list_sessions
from stadt.web.accounts.browsers import browser_name, place_name


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def show_sessions(request: HttpRequest) -> HttpResponse:
    """The list; a form ends one session, all others, or all."""
    user, current = request.user, request.session.session_key
    assert isinstance(user, User)  # noqa: S101 - login_required
    if request.method == "POST":
        return _end(request, user, current)
    sessions = [
        {
            "pk": session.pk,
            "browser": browser_name(session.user_agent),
            "place": place_name(session.address),
            "since": session.since,
            "last_seen": session.last_seen,
            "is_current": session.is_current,
        }
        for session in list_sessions(user, current)
    ]
    return render(request, "usersessions/sessions.html", {"sessions": sessions})


def _end(request: HttpRequest, user: User, current: str | None) -> HttpResponse:
    actor, wanted = actor_of(request), request.POST.get("end", "")
    if wanted == "all":
        end_sessions(actor, user)
        get_adapter(request).logout(request)
        messages.success(request, gettext("Sie sind überall abgemeldet."))
        return redirect("account_login")
    if wanted == "others":
        ended = end_sessions(actor, user, keep=current)
        text = ngettext(
            "%(count)d andere Sitzung ist beendet.", "%(count)d andere Sitzungen sind beendet.", ended
        )
        messages.success(request, text % {"count": ended})
    elif wanted.isdecimal():
        try:
            end_session(actor, user, int(wanted[:18]))
        except NotFound as gone:
            messages.info(request, gone.detail)
        else:
            messages.success(request, gettext("Die Sitzung ist beendet."))
    return redirect("web:sessions")

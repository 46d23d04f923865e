"""Pages about device profiles: list, edit with try-out, reading kept messages again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stadt.core.errors import Conflict, Invalid, NotFound
from stadt.core.people.access import actor_of
from stadt.hub.ingest import queries, services
from stadt.hub.ingest.forms import BaseRowSet, ProfileForm, profile_draft, row_set, show_errors
from stadt.hub.ingest.models import DeviceProfile
from stadt.hub.ingest.trial import Trial, try_payload

EMPTY_ROWS = 3
HEAD = ("title", "category", "description", "battery_path", "is_public")
ROW = (
    "path", "name", "key", "unit_code", "observation_type", "factor", "offset", "minimum", "maximum", "definition",
)  # fmt: skip


def list_profiles(request: HttpRequest) -> HttpResponse:
    """All device profiles."""
    return render(request, "ingest/profiles.html", {"profiles": queries.list_profiles()})


def new_profile(request: HttpRequest) -> HttpResponse:
    """Create a device profile, or try it on a payload first."""
    form = ProfileForm(request.POST or None, is_new=True)
    rows = row_set(request.POST or None, extra=EMPTY_ROWS)
    return _edit(request, form, rows, None)


def edit_profile(request: HttpRequest, key: str) -> HttpResponse:
    """Change a device profile, or try a change on a payload first."""
    profile = _get_profile(key)
    form = ProfileForm(
        request.POST or None, is_new=False, initial={name: getattr(profile, name) for name in HEAD}
    )
    initial = [{name: getattr(row, name) for name in ROW} for row in profile.rows.all()]
    return _edit(request, form, row_set(request.POST or None, initial=initial), profile)


@require_POST
def replay_profile(request: HttpRequest, key: str) -> HttpResponse:
    """Have the kept messages of all devices with this profile read again."""
    profile = _get_profile(key)
    try:
        services.request_replay(actor_of(request), profile)
    except Conflict as error:
        messages.error(request, error.detail)
    else:
        messages.success(request, _("Die aufbewahrten Nachrichten werden neu ausgewertet."))
    return redirect("ingest:profile", key=profile.key)


def _get_profile(key: str) -> DeviceProfile:
    profile = DeviceProfile.objects.filter(key=key).first()
    if profile is None:
        raise NotFound
    return profile


def _edit(
    request: HttpRequest, form: ProfileForm, rows: BaseRowSet, profile: DeviceProfile | None
) -> HttpResponse:
    trial: Trial | None = None
    status = 200
    if request.method == "POST":
        payload = request.POST.get("payload", "")
        is_valid = form.is_valid() & rows.is_valid()
        if is_valid and "ausprobieren" in request.POST:
            trial = try_payload([row.as_draft() for row in rows.filled()], payload)
        elif is_valid and "zeilen-mehr" in request.POST:
            rows = _more_rows(rows)
        elif is_valid:
            saved = _save(request, form, rows, profile)
            if saved is not None:
                messages.success(request, _("Das Geräteprofil ist gespeichert."))
                return redirect("ingest:profile", key=saved.key)
        status = 422 if form.errors or any(rows.errors) else 200
    context: dict[str, Any] = {
        "form": form,
        "rows": rows,
        "profile": profile,
        "trial": trial,
        "payload": request.POST.get("payload", ""),
        "replay": profile.replays.order_by("-id").first() if profile else None,
        "frame_count": queries.count_frames(profile) if profile else 0,
    }
    return render(request, "ingest/profile.html", context, status=status)


def _more_rows(rows: BaseRowSet) -> BaseRowSet:
    filled = [form.cleaned_data for form in rows.filled()]
    return row_set(initial=filled, extra=EMPTY_ROWS)


def _save(
    request: HttpRequest, form: ProfileForm, rows: BaseRowSet, profile: DeviceProfile | None
) -> DeviceProfile | None:
    """The saved profile; None when the service refused and the forms say why."""
    actor = actor_of(request)
    draft = profile_draft(form, rows, profile.key if profile else form.cleaned_data["key"])
    try:
        return (
            services.change_profile(actor, profile, draft)
            if profile
            else services.create_profile(actor, draft)
        )
    except Invalid as error:
        show_errors(error, form, rows)
        return None

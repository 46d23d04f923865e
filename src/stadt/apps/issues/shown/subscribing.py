"""New reports by mail, for an area or a topic: asked for with an address, begun only when its owner confirms."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.issues.shown import filters, words
from stadt.apps.issues.shown.queries import Issue
from stadt.civic.messages.models import Rhythm
from stadt.civic.messages.services import subscribe as keep_subscription
from stadt.civic.messages.services import tell
from stadt.core.errors import Invalid
from stadt.core.people.access import actor_of, client_of
from stadt.core.people.actor import Actor
from stadt.hub.datasets.pacing import Pace
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import find_area, find_area_by_id, find_city, list_areas
from stadt.web.open_forms import OpenForm

TOPIC, PLACE, CASE = "topic", "place", "case"
EVERYTHING = "issues"
subscription_pace = Pace(burst=5, per_second=1 / 600)


def topic_key(category: str) -> str:
    """What subscriptions to a category are kept under."""
    return f"{EVERYTHING}.{category}" if category else EVERYTHING


def place_key(area: str) -> str:
    """What subscriptions to an area are kept under."""
    return f"{EVERYTHING}.{area}"


class SubscribeForm(OpenForm):
    """Where, what, and to whom."""

    salt = "issues.subscribe"
    what = forms.ChoiceField(label=_("Neue Meldungen zu"))
    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        max_length=200,
        help_text=_(
            "Sie bekommen zuerst einen Link zum Bestätigen. Mit jeder E-Mail können Sie das Abo beenden."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = [*list_areas(PlaceKind.DISTRICT), *list_areas(PlaceKind.QUARTER)]
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (f"{TOPIC}:{EVERYTHING}", gettext("allem in der Stadt")),
            (gettext("einem Gebiet"), [(f"{PLACE}:{place_key(area.key)}", area.name) for area in areas]),
            (
                gettext("einem Thema"),
                [
                    (f"{TOPIC}:{topic_key(key)}", words.category_title(key))
                    for key in words.public_categories()
                ],
            ),
        ]

    def chosen(self) -> tuple[str, str]:
        """Kind and key of what was chosen."""
        kind, _colon, key = self.cleaned_data["what"].partition(":")
        return kind, key

    def chosen_title(self) -> str:
        """What was chosen, in words."""
        kind, key = self.chosen()
        name = key.removeprefix(EVERYTHING).removeprefix(".")
        if kind == PLACE:
            area = find_area(name)
            return gettext("Neue Meldungen in %(name)s") % {"name": area.name if area else name}
        if name:
            return gettext("Neue Meldungen: %(topic)s") % {"topic": words.category_title(name)}
        return gettext("Neue Meldungen in der ganzen Stadt")


def subscribe(request: HttpRequest) -> HttpResponse:
    """`/melden/abo/`: what follows is the same whether the address is known or not. Raises TooMany."""
    form = SubscribeForm(request.POST or None, initial={"what": _asked_for(request)})
    if request.method == "POST" and form.is_valid():
        subscription_pace.take(client_of(request))
        kind, key = form.chosen()
        try:
            keep_subscription(
                kind,
                key,
                email=form.cleaned_data["email"],
                title=form.chosen_title(),
                url=reverse("issues:map"),
                rhythm=Rhythm.DAILY,
                actor=actor_of(request),
            )
        except Invalid as error:
            form.show(error)
        else:
            messages.success(
                request,
                gettext(
                    "Bitte sehen Sie in Ihr Postfach: Mit dem Link in der E-Mail bestätigen Sie das Abo."
                ),
            )
            return redirect("issues:map")
    return render(request, "issues/shown/subscribe.html", {"form": form}, status=422 if form.errors else 200)


def follow(actor: Actor, issue: Issue, email: str) -> None:
    """Ask an address whether it wants to hear of a report. Raises Invalid naming `email`."""
    keep_subscription(
        CASE,
        case_key(issue.reference),
        email=email,
        title=words.title_of(issue),
        url=words.url_of(issue),
        actor=actor,
    )


def case_key(reference: str) -> str:
    """What subscriptions to a published report are kept under: nothing that leads to what is not published."""
    return f"{EVERYTHING}.{reference}"


def tell_new(issue: Issue) -> None:
    """Tell who follows its area, its topic or everything that a report is new. Once, however often it is called."""
    title = gettext("Neue Meldung: %(title)s") % {"title": words.title_of(issue)}
    _state, label = words.state_of(issue)
    keys = [(TOPIC, topic_key("")), (TOPIC, topic_key(issue.category))]
    keys += [
        (PLACE, place_key(area.key))
        for area in (find_area_by_id(issue.district_id or 0), find_area_by_id(issue.quarter_id or 0))
        if area is not None
    ]
    for kind, key in keys:
        tell(kind, key, title, label, words.url_of(issue), fact=f"new:{issue.reference}")


def tell_step(issue: Issue) -> None:
    """Tell who follows a report how far it is. Once for each step."""
    _state, label = words.state_of(issue)
    title = gettext("Meldung %(reference)s: %(state)s") % {"reference": issue.reference, "state": label}
    text = issue.reason or (issue.history[-1]["text"] if issue.history else "")
    fact = f"{issue.face}:{len(issue.history)}"
    tell(
        CASE, case_key(issue.reference), title, text or words.title_of(issue), words.url_of(issue), fact=fact
    )


def _asked_for(request: HttpRequest) -> str:
    """What the page that led here was about."""
    chosen = filters.read_filters(request.GET)
    if chosen.area is not None and chosen.area != find_city():
        return f"{PLACE}:{place_key(chosen.area.key)}"
    return f"{TOPIC}:{topic_key(chosen.category)}"

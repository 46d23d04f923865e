"""The forms for everybody, and those of the people who answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.dialogue import queries
from stadt.apps.dialogue.services.questions import (
    LONGEST_ANSWER,
    LONGEST_PUBLIC,
    LONGEST_QUESTION,
    QuestionDraft,
)
from stadt.apps.dialogue.topics import Topic, find_topic, list_themes
from stadt.apps.dialogue.workflow import Rhythm
from stadt.web.open_forms import OpenForm
from stadt.web.refusals import RefusableForm


def _choices(chosen: Topic | None) -> list[tuple[str, str]]:
    """The whole strategy, its themes, and what the reader came from."""
    whole = find_topic("")
    found = [item for item in (chosen, whole, *list_themes()) if item is not None]
    return list({item.code: item.heading for item in found}.items())


class SubscriptionForm(OpenForm):
    """News by mail."""

    salt = "dialogue.subscription"

    topic = forms.ChoiceField(label=_("Wovon möchten Sie hören?"))
    rhythm = forms.ChoiceField(
        label=_("Wie oft?"),
        choices=Rhythm.choices,
        initial=Rhythm.WEEKLY,
        widget=forms.RadioSelect,
        help_text=_("Gibt es nichts Neues, kommt keine E-Mail."),
    )
    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("Wir schicken Ihnen einen Link, mit dem Sie das Abo bestätigen. Beenden können Sie es jederzeit ohne Anmeldung."),
    )  # fmt: skip

    def __init__(self, *args: Any, chosen: Topic | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["topic"]
        if isinstance(field, forms.ChoiceField):
            field.choices = _choices(chosen)


class QuestionForm(OpenForm):
    """A question to those responsible."""

    salt = "dialogue.question"

    code = forms.ChoiceField(label=_("Worum geht es?"))
    text = forms.CharField(
        label=_("Ihre Frage oder Ihr Hinweis"), max_length=LONGEST_QUESTION, widget=forms.Textarea({"rows": 6}),
        help_text=_("Höchstens 1.500 Zeichen. Ihr Text wird nicht veröffentlicht: Die Stadt schreibt die Frage in eigenen Worten, ohne Namen."),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-Mail-Adresse"), required=False, max_length=254, widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("Nur für die Antwort. Sie bekommen einen Link, mit dem Sie die Adresse bestätigen. Nach der Antwort wird sie gelöscht."),
    )  # fmt: skip

    def __init__(self, *args: Any, chosen: Topic | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        if isinstance(field, forms.ChoiceField):
            field.choices = _choices(chosen)

    def as_draft(self) -> QuestionDraft:
        """The question as the service takes it."""
        data = self.cleaned_data
        return QuestionDraft(data["code"], data["text"], data["email"])


class AnswerForm(RefusableForm):
    """The question in the office's words, and the answer."""

    question = forms.CharField(
        label=_("Frage in Ihren Worten"), required=False, max_length=LONGEST_PUBLIC, widget=forms.Textarea({"rows": 3}),
        help_text=_("So lesen sie alle. Bitte keine Namen und nichts, woran man eine Person erkennt."),
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Antwort"), required=False, max_length=LONGEST_ANSWER, widget=forms.Textarea({"rows": 8})
    )


class HandOverForm(RefusableForm):
    """Which organisation answers."""

    owner = forms.ChoiceField(label=_("Zuständige Stelle"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", gettext("nicht festgelegt")), *queries.list_owners()]

"""The workshop's forms: upload, link, card and reasons."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stadt.apps.publishing import words
from stadt.core.city import current
from stadt.core.errors import StadtError
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.hub.datasets.kept.card import NEEDED
from stadt.hub.datasets.kept.states import Kind
from stadt.hub.datasets.models import KeptDataset
from stadt.hub.datasets.rights import KEEP
from stadt.hub.places.models import PlaceKind
from stadt.hub.places.queries import list_areas

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.ods,.json,.geojson,.gpkg,.zip,.parquet"


class RefusableForm(forms.Form):
    """A form that shows a verb's refusal beside the fields it names."""

    def refuse(self, error: StadtError) -> None:
        """Write a refusal beside the fields it names, else above the form."""
        shown = [item for item in error.fields if item.field in self.fields]
        for item in shown:
            self.add_error(item.field, error.detail if item.message == error.detail else item.message)
        if not shown:
            self.add_error(None, error.detail)


class FileForm(RefusableForm):
    """A file for a dataset."""

    file = forms.FileField(
        label=_("Datei"),
        help_text=_(
            "Excel, OpenDocument, CSV, JSON, GeoJSON, GeoPackage, Shapefile als ZIP oder Parquet, höchstens 2 GB. "
            "Titelzeilen, Fußnoten und Summenzeilen dürfen bleiben."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": _("Bitte wählen Sie eine Datei."),
            "empty": _("Die Datei ist leer."),
            "missing": _("Bitte wählen Sie eine Datei."),
        },
    )


class _OwnedForm(RefusableForm):
    """A new dataset of one of the organisations for which the actor may keep datasets."""

    organisation = forms.ModelChoiceField(
        label=_("Zuständige Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = owners_for(actor)
        field: Any = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(pk__in=[one.pk for one in owners]).order_by("name")
        # Rights reach everything below: what stands uppermost is where the person belongs, not what the alphabet puts first.
        held = {one.pk for one in owners}
        field.initial = next((one.pk for one in owners if one.parent_id not in held), None)
        if len(owners) == 1:
            field.widget = forms.HiddenInput()


class UploadForm(_OwnedForm, FileForm):
    """A file that begins a dataset."""

    title = forms.CharField(
        label=_("Titel"),
        required=False,
        max_length=200,
        help_text=_(
            "Was die Daten zeigen, zum Beispiel: Haushalte nach Stadtteilen. Ohne Angabe gilt der Dateiname."
        ),
    )
    field_order = ("file", "title", "organisation")


class LinkForm(_OwnedForm):
    """An address elsewhere that begins a dataset."""

    title = forms.CharField(label=_("Titel"), max_length=200)
    link_url = forms.CharField(
        label=_("Adresse der Daten"),
        max_length=1000,
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
        help_text=_("Dort liegen die Daten oder der Dienst, zum Beispiel https://beispiel.de/daten.csv"),
    )
    link_format = forms.CharField(
        label=_("Format der Datei"),
        required=False,
        max_length=30,
        help_text=_("Zum Beispiel CSV, WMS oder PDF"),
    )
    field_order = ("title", "link_url", "link_format", "organisation")


class ReasonForm(RefusableForm):
    """Why something is given back or withdrawn; the others read it."""

    reason = forms.CharField(
        label=_("Grund"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ihre Kolleginnen und Kollegen lesen, was Sie hier schreiben."),
    )


class WithdrawForm(ReasonForm):
    """Why something is withdrawn, and what everybody is told."""

    note = forms.CharField(
        label=_("Hinweis für alle"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Steht öffentlich unter der Adresse des Datensatzes, bitte ohne Namen. Kann leer bleiben."
        ),
    )


class CardForm(RefusableForm):
    """What people need to find, understand and use the data."""

    title = forms.CharField(label=words.FIELDS["title"], max_length=200, required=False)
    description = forms.CharField(
        label=words.FIELDS["description"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "Was die Zeilen zeigen, woher die Zahlen kommen und was man wissen muss, um sie richtig zu lesen."
        ),
    )
    keywords = forms.CharField(
        label=words.FIELDS["keywords"],
        required=False,
        max_length=2500,
        help_text=_("Wörter, nach denen jemand sucht, durch Kommas getrennt"),
    )
    theme = forms.ChoiceField(label=words.FIELDS["theme"], required=False)
    licence = forms.ChoiceField(
        label=words.FIELDS["licence"],
        required=False,
        help_text=_("Was andere mit den Daten tun dürfen. Üblich ist die Datenlizenz Deutschland."),
    )
    publisher = forms.CharField(label=words.FIELDS["publisher"], required=False, max_length=200)
    contact = forms.EmailField(
        label=words.FIELDS["contact"],
        required=False,
        help_text=_("Am besten ein Postfach, das mehrere lesen. Die Adresse wird veröffentlicht."),
    )
    frequency = forms.ChoiceField(label=words.FIELDS["frequency"], required=False)
    temporal_start = forms.DateField(
        label=words.FIELDS["temporal_start"],
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    temporal_end = forms.DateField(
        label=words.FIELDS["temporal_end"],
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    spatial = forms.ChoiceField(label=words.FIELDS["spatial"], required=False)
    high_value = forms.ChoiceField(
        label=words.FIELDS["high_value"],
        required=False,
        help_text=_(
            "Nur wenn die Daten unter die Durchführungsverordnung (EU) 2023/138 fallen, zum Beispiel amtliche Geodaten."
        ),
    )
    sample = forms.CharField(
        label=words.FIELDS["sample"],
        required=False,
        max_length=120,
        help_text=_("Eintrag im Musterdatenkatalog, zum Beispiel: abfallwirtschaft/container"),
    )
    access = forms.ChoiceField(label=words.FIELDS["access"], widget=forms.RadioSelect)
    link_url = forms.CharField(
        label=words.FIELDS["link_url"], required=False, max_length=1000, widget=forms.URLInput
    )
    link_format = forms.CharField(label=words.FIELDS["link_format"], required=False, max_length=30)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, kept: KeptDataset, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": initial_of(kept), **kwargs})
        choices: dict[str, list[tuple[str, Any]]] = {
            "theme": words.theme_choices(),
            "licence": words.licence_choices(),
            "frequency": list(words.FREQUENCIES.items()),
            "spatial": _places(),
            "high_value": [(item.name, title) for item, title in words.HIGH_VALUES.items()],
        }
        nothing = {"high_value": gettext("nein")}
        for name, offered in choices.items():
            field: Any = self.fields[name]
            now = getattr(kept, name)
            known = (
                [*offered] if now in ("", *(value for value, _title in offered)) else [(now, now), *offered]
            )
            field.choices = [("", nothing.get(name, gettext("bitte wählen"))), *known]
        access: Any = self.fields["access"]
        access.choices = list(words.ACCESS.items())
        self.fields["publisher"].help_text = gettext("Ohne Angabe: %(name)s") % {
            "name": kept.organisation.name
        }
        if kept.kind != Kind.LINK:
            del self.fields["link_url"], self.fields["link_format"]

    def mark_needed(self) -> None:
        """Show what a review needs as such; a draft may be saved without."""
        for name in NEEDED:
            self.fields[name].required = True

    def changes(self) -> dict[str, Any]:
        """The fields as the verb takes them."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        return {**found, "keywords": split_words(found.get("keywords", ""))}


def initial_of(kept: KeptDataset) -> dict[str, Any]:
    """What stands on the card now, as the form shows it."""
    found = {name: getattr(kept, name) for name in CardForm.base_fields}
    return {**found, "keywords": ", ".join(kept.keywords)}


def split_words(text: str) -> list[str]:
    """The words of a list written with commas or semicolons, each once."""
    return list(dict.fromkeys(word for part in re.split(r"[,;\n]", text) if (word := part.strip())))


def owners_for(actor: Actor) -> list[Organisation]:
    """The organisations for which the actor may keep datasets. One query."""
    return [one for one in Organisation.objects.order_by("name") if actor.can(KEEP, one.pk)]


def _places() -> list[tuple[str, str]]:
    city = current()
    areas = [area for kind in (PlaceKind.DISTRICT, PlaceKind.QUARTER) for area in list_areas(kind)]
    whole = gettext("ganze Stadt (%(ags)s)") % {"ags": city.ags}
    return [(city.ags, whole), *((area.key, area.name) for area in areas)]

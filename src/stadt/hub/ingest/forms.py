"""The operator's forms: source, token, device profile with its rows, device."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from stadt.core.errors import StadtError
from stadt.core.people.actor import Actor
from stadt.core.people.models import Organisation
from stadt.hub.ingest.models import DeviceProfile, ObservationType
from stadt.hub.ingest.rights import MANAGE
from stadt.hub.ingest.services import DeviceDraft, ProfileDraft, RowDraft

BERLIN = ZoneInfo("Europe/Berlin")
LONGEST_TOKEN = timedelta(days=2 * 365)


class DecimalField(forms.FloatField):
    """A number that may be written with a comma as well as with a point."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class SourceForm(forms.Form):
    """A source. The slug is asked for once, because it stands in the address."""

    title = forms.CharField(label=_("Name"), max_length=120)
    slug = forms.SlugField(
        label=_("Kennung"),
        max_length=60,
        help_text=_("Steht in der Webhook-Adresse und bleibt. Kleine Buchstaben, Ziffern, Bindestriche."),
    )
    organisation = forms.ModelChoiceField(
        label=_("Zuständige Organisation"), queryset=Organisation.objects.none(), empty_label=None
    )
    default_profile = forms.ModelChoiceField(
        label=_("Profil für unbekannte Geräte"),
        queryset=DeviceProfile.objects.none(),
        required=False,
        empty_label=_("Keines: Nachrichten unbekannter Geräte werden abgewiesen"),
    )
    keep_frames_days = forms.IntegerField(
        label=_("Nachrichten aufbewahren (Tage)"),
        min_value=1,
        max_value=3650,
        initial=30,
        help_text=_("So lange lassen sich Nachrichten mit einem berichtigten Profil neu auswerten."),
    )
    silent_after_hours = forms.IntegerField(
        label=_("Als verstummt melden nach (Stunden)"),
        min_value=1,
        max_value=8760,
        initial=24,
        help_text=_("So lange darf die Quelle schweigen, bevor der Betrieb einen Hinweis bekommt."),
    )
    enabled = forms.BooleanField(label=_("Die Quelle nimmt Nachrichten an"), required=False, initial=True)

    def __init__(self, actor: Actor, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = [
            organisation.pk
            for organisation in Organisation.objects.all()
            if actor.can(MANAGE, organisation.pk)
        ]
        organisations: Any = self.fields["organisation"]
        organisations.queryset = Organisation.objects.filter(pk__in=allowed).order_by("name")
        profiles: Any = self.fields["default_profile"]
        profiles.queryset = DeviceProfile.objects.order_by("title")
        for name in ("enabled",) if is_new else ("slug", "organisation"):
            del self.fields[name]


class TokenForm(forms.Form):
    """A token's name and last day."""

    title = forms.CharField(
        label=_("Wofür ist das Token?"),
        max_length=120,
        help_text=_("Zum Beispiel: Webhook in The Things Stack"),
    )
    expires_on = forms.DateField(
        label=_("Gültig bis einschließlich"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Höchstens zwei Jahre. Danach stellen Sie ein neues aus."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"expires_on": timezone.localdate() + timedelta(days=365)})
        super().__init__(*args, **kwargs)

    def clean_expires_on(self) -> date:
        """Refuse days that are over and days more than two years away."""
        day: date = self.cleaned_data["expires_on"]
        today = timezone.localdate()
        if not today <= day <= today + LONGEST_TOKEN:
            raise forms.ValidationError(_("Der Tag liegt von heute an höchstens zwei Jahre entfernt."))
        return day

    @property
    def expires_at(self) -> datetime:
        """The end of the last day in local time."""
        day: date = self.cleaned_data["expires_on"]
        return datetime.combine(day, time(23, 59, 59), BERLIN).astimezone(UTC)


class ProfileForm(forms.Form):
    """The head of a device profile, and a payload to try it on."""

    title = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Zum Beispiel: Füllstandssensor Papier")
    )
    key = forms.SlugField(
        label=_("Kennung"), max_length=60, help_text=_("Kleine Buchstaben, Ziffern, Bindestriche; bleibt.")
    )
    category = forms.SlugField(
        label=_("Woran das Gerät hängt"),
        max_length=60,
        help_text=_("Ein Wort für die Art des Dings, zum Beispiel container, station oder parking-space."),
    )
    description = forms.CharField(
        label=_("Beschreibung"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    battery_path = forms.CharField(
        label=_("Pfad des Batteriestands in Prozent"),
        required=False,
        max_length=120,
        help_text=_("Leer, wenn das Gerät keinen meldet."),
    )
    is_public = forms.BooleanField(
        label=_("Die Messwerte sind öffentlich"),
        required=False,
        help_text=_("Nur für Werte, aus denen niemand auf einzelne Menschen schließen kann."),
    )

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["key"]


class RowForm(forms.Form):
    """One row of a device profile."""

    path = forms.CharField(
        label=_("Pfad"), max_length=120, help_text=_("Feld im dekodierten Inhalt, z. B. fill_level")
    )
    name = forms.CharField(label=_("Messgröße"), max_length=120, help_text=_("z. B. Füllstand"))
    key = forms.SlugField(label=_("Schlüssel"), max_length=60, help_text=_("z. B. fill-level"))
    unit_code = forms.CharField(
        label=_("Einheit (UCUM)"),
        required=False,
        max_length=40,
        help_text=_("z. B. %, Cel, ug/m3; 1 ohne Einheit"),
    )
    observation_type = forms.ChoiceField(
        label=_("Art"), choices=ObservationType.choices, initial=ObservationType.MEASUREMENT
    )
    factor = DecimalField(label=_("Faktor"), initial=1)
    offset = DecimalField(label=_("Summand"), initial=0)
    minimum = DecimalField(label=_("Kleinster gültiger Wert"), required=False)
    maximum = DecimalField(label=_("Größter gültiger Wert"), required=False)
    definition = forms.CharField(
        label=_("Definition (Adresse)"),
        required=False,
        max_length=300,
        help_text=_("z. B. aus einem Fachvokabular"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["use_required_attribute"] = False
        super().__init__(*args, **kwargs)

    def as_draft(self) -> RowDraft:
        """The row as the service takes it."""
        names = RowDraft.__dataclass_fields__
        return RowDraft(**{name: self.cleaned_data[name] for name in names})


if TYPE_CHECKING:
    _RowSetBase = forms.BaseFormSet[RowForm]
else:
    _RowSetBase = forms.BaseFormSet


class BaseRowSet(_RowSetBase):
    """The rows of a profile; rows left empty and rows marked for removal do not count."""

    def filled(self) -> list[RowForm]:
        """The forms that describe a row, in order."""
        return [form for form in self.forms if form.has_changed() and form not in self.deleted_forms]

    def add_fields(self, form: RowForm, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Diese Zeile entfernen")


def row_set(data: Any = None, initial: list[dict[str, Any]] | None = None, extra: int = 1) -> BaseRowSet:
    """The rows' forms: those of `initial` and `extra` empty ones."""
    made = forms.formset_factory(RowForm, formset=BaseRowSet, extra=extra, can_delete=True, max_num=60)
    return cast(BaseRowSet, made(data, initial=initial, prefix="zeilen"))


def profile_draft(form: ProfileForm, rows: BaseRowSet, key: str) -> ProfileDraft:
    """Head and rows together as the service takes them; both must be valid."""
    data = form.cleaned_data
    return ProfileDraft(
        key=key,
        title=data["title"],
        category=data["category"],
        description=data["description"],
        battery_path=data["battery_path"].strip(),
        is_public=data["is_public"],
        rows=[row.as_draft() for row in rows.filled()],
    )


def show_errors(error: StadtError, form: forms.Form, rows: BaseRowSet | None = None) -> None:
    """Write a service's refusal beside the fields it names; what names no field stands above the form."""
    shown = False
    filled = rows.filled() if rows else []
    for item in error.fields:
        head, _dot, rest = item.field.partition(".")
        place, _dot, name = rest.partition(".")
        if head == "rows" and place.isdecimal() and name in RowForm.base_fields:
            filled[int(place)].add_error(name, capfirst(item.message))
            shown = True
        elif head in form.fields:
            form.add_error(head, error.detail if len(error.fields) == 1 else capfirst(item.message))
            shown = True
        elif head == "rows":
            form.add_error(None, capfirst(item.message))
            shown = True
    if not shown:
        form.add_error(None, error.detail)


class DeviceForm(forms.Form):
    """A device and where it hangs."""

    device_id = forms.CharField(
        label=_("Geräte-ID im Netz"), max_length=64, help_text=_("In The Things Stack: End device ID")
    )
    title = forms.CharField(label=_("Name"), required=False, max_length=120)
    profile = forms.ModelChoiceField(
        label=_("Geräteprofil"), queryset=DeviceProfile.objects.none(), empty_label=None
    )
    lat = DecimalField(
        label=_("Geografische Breite"),
        required=False,
        min_value=-90,
        max_value=90,
        help_text=_("WGS 84, z. B. 51,55"),
    )
    lon = DecimalField(
        label=_("Geografische Länge"),
        required=False,
        min_value=-180,
        max_value=180,
        help_text=_("WGS 84, z. B. 7,06"),
    )
    enabled = forms.BooleanField(label=_("Nachrichten dieses Geräts annehmen"), required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        profiles: Any = self.fields["profile"]
        profiles.queryset = DeviceProfile.objects.order_by("title")
        if not is_new:
            del self.fields["device_id"]

    def as_draft(self, device_id: str = "") -> DeviceDraft:
        """The device as the service takes it."""
        data = self.cleaned_data
        return DeviceDraft(
            device_id=data.get("device_id") or device_id,
            profile=data["profile"],
            title=data["title"],
            lon=data["lon"],
            lat=data["lat"],
            enabled=data["enabled"],
        )

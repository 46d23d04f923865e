"""Forms of the pages about signing in."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stadt.core.people.factors import LONGEST_GRACE_DAYS, Audience


class PolicyForm(forms.Form):
    """From whom a second factor is demanded."""

    audience = forms.ChoiceField(
        label=_("Wer braucht einen zweiten Faktor?"),
        choices=(
            (Audience.NOBODY.value, _("Niemand; wer mag, richtet einen ein")),
            (Audience.STAFF.value, _("Alle, die eine Rolle haben")),
            (Audience.EVERYBODY.value, _("Alle mit einem Konto")),
        ),
        widget=forms.RadioSelect,
    )
    counts_from = forms.DateField(
        label=_("Ab wann?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Vorher werden die Betroffenen nach dem Anmelden daran erinnert."),
    )
    grace_days = forms.IntegerField(
        label=_("Frist in Tagen"),
        min_value=0,
        max_value=LONGEST_GRACE_DAYS,
        initial=14,
        required=False,
        help_text=_(
            "So lange darf, wer neu dazukommt oder noch keinen hat, weiterarbeiten. 0 für gar nicht."
        ),
    )

    def clean_grace_days(self) -> int:
        """No entry is no grace."""
        return self.cleaned_data["grace_days"] or 0

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        if not self.initial.get("counts_from"):
            self.initial["counts_from"] = timezone.localdate()


def show_refusal(form: forms.Form, fields: tuple[object, ...], detail: str) -> None:
    """Write a verb's refusal beside the fields it names, else above the form."""
    shown = False
    for item in fields:
        name = getattr(item, "field", "")
        if name in form.fields:
            form.add_error(name, getattr(item, "message", detail))
            shown = True
    if not shown:
        form.add_error(None, detail)


class EraseForm(forms.Form):
    """The address typed once more, so that nobody erases by a slip."""

    confirmation = forms.CharField(
        label=_("E-Mail-Adresse des Kontos"),
        max_length=254,
        help_text=_("Zur Bestätigung bitte noch einmal eintippen."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )

    def __init__(self, email: str, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.email = email

    def clean_confirmation(self) -> str:
        """Refuse another address."""
        typed = str(self.cleaned_data["confirmation"]).strip().lower()
        if typed != self.email:
            raise forms.ValidationError(_("Das ist nicht die Adresse dieses Kontos."))
        return typed


class FindForm(forms.Form):
    """Whose account."""

    email = forms.EmailField(
        label=_("E-Mail-Adresse"), help_text=_("Die ganze Adresse, mit der sich die Person anmeldet.")
    )


class SetupForm(forms.Form):
    """The first administrator."""

    email = forms.EmailField(
        label=_("E-Mail-Adresse"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    name = forms.CharField(
        label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Passwort"),
        strip=False,
        max_length=4096,
        help_text=_("Mindestens zwölf Zeichen."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Passwort noch einmal"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_name(self) -> str:
        """One line: the name stands in mails."""
        return " ".join(
            "".join(letter if letter.isprintable() else " " for letter in self.cleaned_data["name"]).split()
        )

    def clean(self) -> None:
        """Refuse two passwords that differ."""
        super().clean()
        data = self.cleaned_data
        if "password" in data and "again" in data and data["password"] != data["again"]:
            self.add_error("again", _("Die beiden Eingaben unterscheiden sich."))

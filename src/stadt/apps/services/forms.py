"""The small forms beside the data's own: an address for the link, and the request for a new one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stadt.web.open_forms import OpenForm


class AddressForm(forms.Form):
    """Where the link of a draft goes."""

    email = forms.EmailField(
        label=_("E-Mail-Adresse"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"})
    )


class NewLinkForm(OpenForm):
    """Who lost the link of a case asks for a new one."""

    salt = "services.new_link"

    reference = forms.CharField(
        label=_("Zeichen des Vorgangs"),
        max_length=20,
        help_text=_("Steht im Beleg und in jeder Mail, zum Beispiel 7KQM-2XRT"),
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        max_length=254,
        help_text=_("Die Adresse, die Sie damals angegeben haben"),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )

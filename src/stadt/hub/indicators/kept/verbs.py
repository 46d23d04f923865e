"""What the protocol calls the writes to indicators, and what they are about."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb
from stadt.hub.lake.layout import KEY


def _page(key: str) -> str | None:
    return reverse("indicators:explain", kwargs={"key": key}) if KEY.match(key) else None


VERBS = (
    Verb("define_indicator", _("Kennzahl festgelegt")),
    Verb("change_definition", _("Festlegung einer Kennzahl geändert")),
    Verb("set_smallest_cell", _("Schwelle der Geheimhaltung festgelegt")),
    Verb("enter_value", _("Wert einer Kennzahl eingetragen")),
    Verb("revise_value", _("Berichtigung eines Wertes eingetragen")),
    Verb("confirm_value", _("Wert einer Kennzahl bestätigt")),
    Verb("refuse_value", _("Wert einer Kennzahl abgelehnt")),
    Verb("take_file", _("Datei mit Werten angenommen")),
    Verb("map_file", _("Datei mit Werten zugeordnet")),
    Verb("confirm_file", _("Datei mit Werten bestätigt")),
    Verb("refuse_file", _("Datei mit Werten abgelehnt")),
)
SUBJECTS = (
    Subject("indicator", _("Kennzahl"), _page),
    Subject("figure_entry", _("Eingetragener Wert")),
    Subject("figure_file", _("Datei mit Werten")),
    Subject("indicators", _("Kennzahlen")),
)

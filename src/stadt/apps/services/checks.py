"""What is wrong with the services as data: a service that is begun here needs a form that knows its categories."""

from collections.abc import Iterator

from django.utils.translation import gettext

from stadt.apps.services.applying import CATEGORY
from stadt.civic.cases import reading
from stadt.civic.cases.moves import OWN_ROLES
from stadt.civic.forms.loading import city_forms

PARTIES = frozenset({"", *OWN_ROLES})
"""Whom answers of a form may be about."""
TAKEN = frozenset({"email", "meine", "neuer-link", "offen", "vorgang"})
"""Words of the app's own addresses."""


def check_services() -> Iterator[str]:
    """One sentence for each fault of the city's folder."""
    forms = {form.key: form for form in city_forms()}
    for one in reading.types().values():
        if one.door != "dienste":
            continue
        form = forms.get(one.form)
        if form is None:
            yield gettext("services/%(type)s.toml nennt das Formular „%(form)s“, das es nicht gibt.") % {
                "type": one.key,
                "form": one.form,
            }
        elif one.categories and CATEGORY not in form.names:
            yield gettext('forms/%(form)s.toml braucht names = ["category"]: der Dienst hat Kategorien.') % {
                "form": form.key
            }
        if form is not None and (unknown := sorted({field.party for field in form.fields()} - PARTIES)):
            yield gettext("forms/%(form)s.toml nennt „%(party)s“ (party), das es nicht gibt.") % {
                "form": form.key,
                "party": unknown[0],
            }
        if (one.slug or one.key) in TAKEN:
            yield gettext("services/%(type)s.toml: das Wort „%(slug)s“ der Adresse ist vergeben.") % {
                "type": one.key,
                "slug": one.slug or one.key,
            }

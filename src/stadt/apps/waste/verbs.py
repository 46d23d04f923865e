"""What the protocol calls this app's writes, and what they are about."""

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from stadt.apps.waste.models import Container
from stadt.core.manifest import Subject, Verb


def _container(pk: str) -> str | None:
    found = (
        Container.objects.filter(pk=int(pk)).values_list("number", flat=True).first()
        if pk.isdigit()
        else None
    )
    return reverse("waste:container", kwargs={"number": found}) if found else None


VERBS = (
    Verb("add_containers", _("Behälter eingetragen")),
    Verb("change_container", _("Behälter geändert")),
    Verb("remove_container", _("Behälter entfernt")),
)
SUBJECTS = (
    Subject("container", _("Behälter"), _container),
    Subject("containers", _("Behälter")),
)

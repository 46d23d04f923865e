"""Rights over people's accounts; they stay with their holder, because what is done with them outlasts an absence."""

from django.utils.translation import gettext_noop

from stadt.core.manifest import Permission

MANAGE_SIGN_IN = Permission(
    "core.manage_sign_in", gettext_noop("Anmeldung und zweiten Faktor regeln"), stays_with_holder=True
)
ANSWER_FOR_PERSONS = Permission(
    "core.answer_for_persons",
    gettext_noop("Auskunft geben und löschen, wenn jemand darum bittet"),
    stays_with_holder=True,
)

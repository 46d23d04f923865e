"""Permissions of the forms."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Permission

MANAGE_FORMS = Permission("forms.manage", _("Formulare einspielen"))
ERASE_ANSWERS = Permission("forms.erase", _("Antworten aus Formularen löschen"), stays_with_holder=True)

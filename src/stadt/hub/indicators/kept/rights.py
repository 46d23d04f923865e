"""The rights over kept indicators; they are held in the organisation that keeps one."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Permission

DEFINE = Permission("indicators.define", _("Kennzahlen festlegen, die von Hand geführt werden"))
ENTER = Permission("indicators.enter", _("Werte von Kennzahlen eintragen"))
CONFIRM = Permission("indicators.confirm", _("Von anderen eingetragene Werte von Kennzahlen bestätigen"))

PERMISSIONS = (DEFINE, ENTER, CONFIRM)

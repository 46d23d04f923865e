"""The permissions over cases: each is held in an organisation and reaches the cases of all below it."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Permission

READ = Permission("cases.read", _("Vorgänge lesen"))
HANDLE = Permission("cases.handle", _("Vorgänge bearbeiten"))
DECIDE = Permission("cases.decide", _("Vorgänge endgültig entscheiden"))
WORK = Permission("cases.work", _("Als Auftragnehmer übergebene Vorgänge ausführen"))
SEE_CONTACT = Permission("cases.see_contact", _("Kontaktdaten in Vorgängen sehen"))
EXPORT = Permission("cases.export", _("Vorgänge herunterladen"))
BULK = Permission("cases.bulk", _("Viele Vorgänge auf einmal ändern"))
REDACT = Permission("cases.redact", _("Texte und Fotos von Vorgängen freigeben und schwärzen"))
MANAGE = Permission(
    "cases.manage", _("Vorgänge zusammenführen, löschen und Arten verwalten"), stays_with_holder=True
)

ALL = (READ, HANDLE, DECIDE, WORK, SEE_CONTACT, EXPORT, BULK, REDACT, MANAGE)

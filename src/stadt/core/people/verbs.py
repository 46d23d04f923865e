"""What the protocol calls the writes about people, and what they are about."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb

VERBS = (
    Verb("add_passkey", _("Passkey eingerichtet")),
    Verb("add_second_factor", _("Zweiten Faktor eingerichtet")),
    Verb("change_email", _("E-Mail-Adresse geändert")),
    Verb("confirm_email", _("E-Mail-Adresse bestätigt")),
    Verb("connect_identity", _("Anmeldedienst verknüpft")),
    Verb("create_administrator", _("Administration angelegt")),
    Verb("end_session", _("Sitzung beendet")),
    Verb("end_sessions", _("Sitzungen beendet")),
    Verb("erase_person", _("Konto gelöscht")),
    Verb("export_person", _("Daten eines Kontos ausgegeben")),
    Verb("fail_sign_in", _("Anmeldung gescheitert")),
    Verb("grant_role", _("Rolle vergeben")),
    Verb("issue_token", _("Token ausgestellt")),
    Verb("register_account", _("Konto angelegt")),
    Verb("remove_email", _("E-Mail-Adresse entfernt")),
    Verb("remove_passkey", _("Passkey entfernt")),
    Verb("remove_second_factor", _("Zweiten Faktor entfernt")),
    Verb("renew_recovery_codes", _("Wiederherstellungscodes erneuert")),
    Verb("reset_second_factor", _("Zweiten Faktor zurückgesetzt")),
    Verb("revoke_token", _("Token widerrufen")),
    Verb("set_password", _("Passwort gesetzt")),
    Verb("set_second_factor_policy", _("Regel für den zweiten Faktor gesetzt")),
    Verb("sign_in", _("Angemeldet")),
    Verb("sign_out", _("Abgemeldet")),
    Verb("unlink_account", _("Anmeldedienst getrennt")),
    Verb("withdraw_role", _("Rolle entzogen")),
)
SUBJECTS = (
    Subject("account", _("unbekanntes Konto")),
    Subject("setting", _("Einstellung")),
    Subject("token", _("Token")),
    Subject("user", _("Konto")),
)

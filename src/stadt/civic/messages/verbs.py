"""What the protocol calls the writes of messages, and what they are about."""

from django.utils.translation import gettext_noop as _

from stadt.core.manifest import Subject, Verb

VERBS = (
    Verb("write_message", _("Nachricht geschrieben")),
    Verb("read_messages", _("Nachrichten gelesen")),
    Verb("erase_messages", _("Nachrichten gelöscht")),
    Verb("forget_author", _("Verfasser vergessen")),
    Verb("note_bounce", _("E-Mail kam zurück")),
    Verb("follow_deliveries", _("Zustellung von E-Mails festgestellt")),
    Verb("make_link", _("Link ausgestellt")),
    Verb("revoke_links", _("Links widerrufen")),
    Verb("follow", _("Abo bestellt")),
    Verb("confirm_following", _("Abo bestätigt")),
    Verb("unfollow", _("Abo beendet")),
    Verb("tell_followers", _("Abonnierende benachrichtigt")),
    Verb("send_following", _("Abos verschickt")),
    Verb("forget_followers", _("Abos vergessen")),
)
SUBJECTS = (
    Subject("messages", _("Nachrichten")),
    Subject("message", _("Nachricht")),
    Subject("thread", _("Nachrichten zu einem Gegenstand")),
    Subject("subscription", _("Abo")),
)

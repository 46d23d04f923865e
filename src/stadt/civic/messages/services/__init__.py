"""Writes of messages, links and subscriptions."""

from stadt.civic.messages.services.bounces import read_bounces
from stadt.civic.messages.services.links import (
    Access,
    access_of,
    find_access,
    make_link,
    revoke_links,
    subject_of,
)
from stadt.civic.messages.services.subscriptions import (
    confirm,
    forget_due,
    forget_subject,
    leave,
    leave_own,
    send_due,
    subscribe,
    tell,
)
from stadt.civic.messages.services.threads import (
    Recipient,
    erase_messages,
    follow_deliveries,
    forget_author,
    mark_read,
    note_bounce,
    write_message,
)

__all__ = [
    "Access",
    "Recipient",
    "access_of",
    "confirm",
    "erase_messages",
    "find_access",
    "follow_deliveries",
    "forget_author",
    "forget_due",
    "forget_subject",
    "leave",
    "leave_own",
    "make_link",
    "mark_read",
    "note_bounce",
    "read_bounces",
    "revoke_links",
    "send_due",
    "subject_of",
    "subscribe",
    "tell",
    "write_message",
]

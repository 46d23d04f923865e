"""Every write: begin, mail oneself the link, send, and come back to what was sent."""

from stadt.apps.services.services.drafting import begin, get_draft_of, open_own_draft
from stadt.apps.services.services.links import LINK_JOB, ask_for_link, open_own_case, send_link
from stadt.apps.services.services.reaching import ask_address
from stadt.apps.services.services.sending import send_application

__all__ = [
    "LINK_JOB",
    "ask_address",
    "ask_for_link",
    "begin",
    "get_draft_of",
    "open_own_case",
    "open_own_draft",
    "send_application",
    "send_link",
]

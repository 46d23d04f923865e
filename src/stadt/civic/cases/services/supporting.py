"""What others say about a case, and who stands in it."""

from stadt.civic.cases.models import Case, Party
from stadt.civic.cases.services.people import PartyData
from stadt.core.people.actor import Actor


def support_case(
    actor: Actor, case_id: int, kind: str, *, who: str, text: str = "", photo_id: int | None = None
) -> Case:
    """Say „me too“ or „not fixed“. The same person counts once: saying it again changes nothing.

    Args:
        who: what tells people apart without naming them (account, address, or a random cookie); kept as a keyed hash.

    Raises:
        NotFound: no such case.
        Invalid: naming `kind` or `text`.
        Conflict: „not fixed“ on a case that is not closed, „me too“ on one that is.
    """
    raise NotImplementedError


def add_party(actor: Actor, case_id: int, party: PartyData) -> Party:
    """Add somebody to a case. Needs `cases.handle`; anybody may follow. Raises Invalid naming `email`."""
    raise NotImplementedError

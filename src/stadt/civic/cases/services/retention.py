"""The end of cases: personal data go after the type's days, and later the case itself."""

from stadt.core.people.actor import Actor


def anonymise_case(actor: Actor, case_id: int, *, reason: str = "retention") -> None:
    """Remove everything personal: people, texts, answers, messages, files, links. What stays are state, place and times.

    Needs `cases.manage`. Doing it again changes nothing.

    Raises:
        Conflict: the case is not closed.
    """
    raise NotImplementedError


def delete_case(actor: Actor, case_id: int) -> None:
    """Remove a case that is anonymised. Needs `cases.manage`. Raises Conflict."""
    raise NotImplementedError


def keep_retention(actor: Actor) -> tuple[int, int]:
    """Anonymise and delete what is due by its type; gives how many of each."""
    raise NotImplementedError

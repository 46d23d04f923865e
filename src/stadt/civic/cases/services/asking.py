"""Questions to the citizen and answers from there; while the citizen is asked the clock stands still."""

from collections.abc import Sequence

from stadt.civic.cases.models import Case
from stadt.core.people.actor import Actor


def ask_citizen(actor: Actor, case_id: int, text: str, *, revision: int | None = None) -> Case:
    """Ask the reporter something: a message, and the clock pauses until an answer comes.

    Raises:
        NotFound, Forbidden: as `move_case`.
        Invalid: naming `text`.
        Conflict: the case is closed, or nobody can be asked.
    """
    raise NotImplementedError


def answer(whose: Actor | str, case_id: int, text: str, files: Sequence[int] = ()) -> Case:
    """The reporter writes: by the secret of the link or signed in as party; ends the pause.

    Raises:
        NotFound: the link does not hold, or the person is no party of the case.
        Invalid: naming `text`.
        TooMany: too many messages in an hour.
    """
    raise NotImplementedError


def write_citizen(actor: Actor, case_id: int, text: str, *, plain: str = "", template: str = "") -> Case:
    """A message to the reporter that asks nothing; the clock runs on. Raises as `ask_citizen`."""
    raise NotImplementedError

"""Opening a case: its place, its owner, its clock, its first entry, its receipt and the reporter's link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stadt.civic.cases.models import Case
from stadt.core.people.actor import Actor


@dataclass(frozen=True, slots=True)
class Spot:
    """Where it is, WGS 84 degrees; `asset` is the thing of the city that is meant, such as a lamp's number."""

    lon: float | None = None
    lat: float | None = None
    address: str = ""
    asset: str = ""


@dataclass(frozen=True, slots=True)
class PartyData:
    """Somebody who stands in a case; without `email` and account there is no answer but by the link."""

    role: str = "reporter"
    name: str = ""
    email: str = ""
    phone: str = ""
    user_id: int | None = None
    wants_mail: bool = True
    consents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """A new case, and the secret of the reporter's link (shown once; None when nobody reported)."""

    case: Case
    secret: str | None = field(repr=False)


def open_case(
    actor: Actor,
    type_key: str,
    *,
    submission: Any = None,
    answers: Mapping[str, Any] | None = None,
    category: str = "",
    place: Spot | None = None,
    party: PartyData | None = None,
    files: Sequence[int] = (),
    source: str = "web",
    title: str = "",
    text: str = "",
    is_example: bool = False,
) -> Opened:
    """Open a case; anybody may, if the type lets strangers.

    Args:
        submission: the frozen form; its answers are taken when `answers` is None.
        answers: cleaned answers; the routing rules and the title's rule read them.
        files: ids of taken files that belong to it.
        source: how it came in; others than `web`, `api` and `open311` need `cases.handle`.

    Raises:
        Invalid: naming `type`, `category`, `place`, `party` or `text`.
        SignInNeeded: the type wants an account.
    """
    raise NotImplementedError

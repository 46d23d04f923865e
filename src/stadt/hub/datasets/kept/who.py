"""Who did something to a kept dataset, as its columns keep it, so that four eyes can be told from two."""

from stadt.core.people.actor import Actor
from stadt.core.people.models import ApiToken

ERASED = "erased"
"""Stands where somebody was who has been forgotten."""


def who_is(actor: Actor) -> str:
    """`user:12`; for a token whoever it was issued to by name, so that nobody approves what their own token delivered."""
    if actor.kind == "token":
        issuer = (
            ApiToken.objects.filter(pk=int(actor.identifier)).values_list("issued_by_id", flat=True).first()
        )
        return f"user:{issuer}" if issuer else f"token:{actor.identifier}"
    return f"{actor.kind}:{actor.identifier}"[:100]


def eyes_of(actor: Actor) -> set[str]:
    """Whose eyes look on: the one who acts, and those whose right was used so far as their deputy.

    Four eyes are these against those of the one who made it; ask after the right was required.
    """
    return {who_is(actor), *(f"user:{pk}" for pk in actor.on_behalf_of)}

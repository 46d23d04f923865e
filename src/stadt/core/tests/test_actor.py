"""An actor in another request is the same actor."""

from dataclasses import fields

from stadt.core.people.actor import Actor

SOMEBODY = Actor(
    kind="user",
    identifier="7",
    grants={"waste.plan": frozenset({3})},
    subject="source:rathaus",
    origin="before",
    organisation_id=3,
    lacks_second_factor=True,
    represented={"waste.plan": {3: frozenset({9})}},
    on_behalf_of={9},
)


def test_only_the_origin_is_another_and_whom_one_acts_for_is_found_out_anew() -> None:
    again = SOMEBODY.coming_from("after")
    differing = {one.name for one in fields(Actor) if getattr(again, one.name) != getattr(SOMEBODY, one.name)}
    assert differing == {"origin", "on_behalf_of"}
    assert (again.origin, again.on_behalf_of) == ("after", set())

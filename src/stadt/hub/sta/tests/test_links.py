"""What a writer may know of is told in two ways: as a condition for queries, and of one organisation for single posts."""

from hypothesis import given
from hypothesis import strategies as st

from stadt.core.people.actor import ALL, Actor
from stadt.hub.observations.rights import MANAGE, READ, WRITE
from stadt.hub.observations.visibility import Visibility
from stadt.hub.sta.creating.links import may_see, writing_visibility

RIGHTS = (READ.key, WRITE.key, MANAGE.key, ALL, "waste.plan")
GRANTS = st.dictionaries(st.sampled_from(RIGHTS), st.frozensets(st.integers(0, 6)))


@given(grants=GRANTS, organisation=st.integers(0, 6))
def test_both_ways_say_the_same(grants: dict[str, frozenset[int]], organisation: int) -> None:
    actor = Actor("token", "1", grants)
    found = writing_visibility(actor)
    assert not found.sees_all
    assert may_see(actor, organisation) == (organisation in found.organisations)
    assert set(Visibility.of(actor).organisations) <= set(found.organisations)


def test_the_platform_itself_sees_all() -> None:
    system = Actor.system("test")
    assert writing_visibility(system).sees_all
    assert may_see(system, 5)

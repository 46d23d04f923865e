"""The city's own type of reports: what it promises to those who work with it."""

import pytest

from stadt.civic.cases.reading import types
from stadt.civic.cases.services import Spot, hand_to_contractor, open_case
from stadt.civic.cases.versions import import_types
from stadt.core.city import current
from stadt.core.people.actor import Actor
from stadt.core.people.services import create_organisation, ensure_foundations


def test_who_names_a_contractor_takes_the_step_that_leads_there() -> None:
    issue = types()["issue"]
    assert [move.key for move in issue.hand_overs] == ["hand_over"]
    assert issue.contractor_states == {"contractor"}


@pytest.mark.django_db
def test_a_report_given_to_a_firm_waits_for_the_firm() -> None:
    ensure_foundations()
    office = Actor.system("test")
    import_types(office)
    firm = create_organisation(office, "Firma", "stadt", "firma")
    lon, lat = current().centre
    opened = open_case(office, "issue", category="graffiti", place=Spot(lon, lat, "", ""), source="staff")
    handed = hand_to_contractor(office, opened.case.pk, firm.pk, text="Bitte bis Freitag.")
    assert (handed.state, handed.contractor_id) == ("contractor", firm.pk)

"""Send a form and open its case."""

from django.db import transaction

from stadt.apps.services.applying import CATEGORY, files_of_answers, parties_of, require_in_time, spot_of
from stadt.apps.services.services.drafting import get_draft_of
from stadt.civic.cases.catalogue import CaseType
from stadt.civic.cases.services import Opened, open_case
from stadt.civic.forms.queries import definition_of
from stadt.civic.forms.services import submit
from stadt.core.people.actor import Actor


@transaction.atomic
def send_application(actor: Actor, one: CaseType, draft_secret: str) -> Opened:
    """Send the form and open its case. Sending twice gives the same case, with a link of its own.

    Raises:
        NotFound: there is no such draft of this service.
        Invalid: something is missing or wrong; nothing is sent.
        Conflict: the time is over, or prefilled answers were changed.
    """
    draft = get_draft_of(one, draft_secret)
    category = draft.names.get(CATEGORY, "")
    if draft.submission_id is None:
        require_in_time(one, category)
    submission = submit(draft_secret, actor)
    definition = definition_of(submission.version)
    first, *others = parties_of(definition, submission.answers, actor, submission.prefilled)
    return open_case(
        actor,
        one.key,
        submission=submission,
        category=category,
        place=spot_of(definition, submission.answers),
        party=first,
        others=others,
        files=files_of_answers(definition, submission.answers),
    )

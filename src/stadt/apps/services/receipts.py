"""The receipt: what arrived when under which sign, with the checksum by which anybody can see that nothing was changed."""

from dataclasses import dataclass
from datetime import datetime

from stadt.apps.services.offers import language
from stadt.civic.cases.catalogue import Category
from stadt.civic.cases.models import Case
from stadt.civic.cases.placeholders import title_in
from stadt.civic.cases.queries import files_for_reporter
from stadt.civic.cases.versions import type_of
from stadt.civic.files.models import Role, StoredFile
from stadt.civic.forms.attachments import file_names
from stadt.civic.forms.models import Submission
from stadt.civic.forms.queries import definition_of, get_submission


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that a receipt says.

    Attributes:
        at: when it arrived, as the database has it.
        checksum: SHA-256 of the answers as `forms.queries.submission_digest` takes it; empty where no form was sent.
        files: files that came with it, each with its own SHA-256.
    """

    case: Case
    title: str
    service: str
    category: Category | None
    category_title: str
    at: datetime
    submission: Submission | None
    checksum: str
    files: list[StoredFile]
    file_names: dict[int, str]


def receipt_of(case: Case) -> Receipt:
    """The receipt of a case, in the reader's language; the same however often it is asked for."""
    one = type_of(case)
    category = one.find_category(case.category)
    submission = get_submission(case.submission_id) if case.submission_id else None
    names = file_names(definition_of(submission.version), submission.answers) if submission else {}
    return Receipt(
        case=case,
        title=title_in(case, one, language()),
        service=one.translated("title", language()),
        category=category,
        category_title=category.translated("title", language()) if category else "",
        at=case.received_at,
        submission=submission,
        checksum=bytes(submission.digest).hex() if submission else "",
        files=[item for item in files_for_reporter(case) if item.role == Role.BEFORE],
        file_names=names,
    )

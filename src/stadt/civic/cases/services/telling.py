"""What people are told about a case, the links they hold, and the files that belong to it."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from stadt.civic.cases import access
from stadt.civic.cases.catalogue import CaseType, Move, Template
from stadt.civic.cases.models import Case, Party
from stadt.civic.cases.moves import OWN_ROLES
from stadt.civic.cases.pages import page_of_case, page_of_link
from stadt.civic.cases.placeholders import fill
from stadt.civic.files import services as stored
from stadt.civic.forms.models import Submission
from stadt.civic.forms.services import erase_answers
from stadt.civic.messages import services as letters
from stadt.civic.messages.models import AuthorKind
from stadt.civic.messages.queries import has_link
from stadt.core.errors import Conflict, NotFound
from stadt.core.people.actor import Actor

ERASER = Actor.system("cases:retention")
ROLE = "reporter"
"""The role that links to cases are made for."""
LINK_DAYS = 730


def make_link(case: Case, party: Party | None = None) -> str:
    """A new secret for the reporter's page; earlier ones hold on."""
    return letters.make_link(
        case.subject,
        ROLE,
        party.email if party else "",
        LINK_DAYS,
        holder=holder_of(party) if party else "",
    )


def holder_of(party: Party) -> str:
    """Whose a link is, as the links keep it."""
    return f"party:{party.pk}"


def find_case_id(secret: str) -> int | None:
    """The case of a reporter's secret. A wrong guess is counted; raises TooMany after many."""
    try:
        subject = letters.subject_of(secret, ROLE)
    except NotFound:
        return None
    kind, _, number = subject.partition(":")
    return int(number) if kind == "case" and number.isdecimal() else None


def lock_case_of_link(secret: str, revision: int | None = None) -> Case:
    """The case of the link, held until the transaction ends. Raises NotFound; Conflict for another revision."""
    case_id = find_case_id(secret)
    case = access.lock_cases([case_id]).get(case_id) if case_id is not None else None
    if case is None or case.anonymised_at is not None:
        raise NotFound(gettext("Dieser Link gilt nicht mehr."))
    access.check_revision(case, revision)
    return case


def attach(actor: Actor, case: Case, files: Sequence[int], role: str) -> None:
    """Let taken files belong to the case. Raises NotFound, Invalid."""
    if files:
        stored.attach(files, case.subject, role, actor=actor)


def send_receipt(case: Case, one: CaseType) -> None:
    """Tell the reporter that the case is there, in the reporter's language where the type has it."""
    template = one.find_template(one.receipt)
    if template is not None:
        _send(Actor.system("cases:receipt"), case, one, *_filled(template, case, one), template.key)


def tell_move(actor: Actor, case: Case, one: CaseType, move: Move, text: str, reason: str) -> None:
    """Tell the people of a case what the office said with a move; without words, what the new state says."""
    template, plain = one.find_template(move.template), ""
    state = one.find_state(case.state)
    if template is not None and text == fill(template.text, case, one, reason):
        text, plain = _filled(template, case, one, reason)
    elif not text and state is not None:
        text = state.translated("public_text", case.language[:2])
    if reason and reason not in text:
        text = f"{text}\n\n{reason}".strip()
    if text:
        _send(actor, case, one, text, plain, move.template)


def write(
    actor: Actor,
    case: Case,
    one: CaseType,
    text: str,
    plain: str = "",
    template: str = "",
    files: Sequence[int] = (),
) -> None:
    """A message of the office to the people of a case, with files that belong to the case from now on."""
    attach(actor, case, files, "document")
    _send(actor, case, one, text, plain, template, files)


def keep_citizen_text(case: Case, text: str, files: Sequence[int] = (), user_id: int | None = None) -> None:
    """What the citizen wrote, in the thread of the case; read by the office only."""
    if not text:
        return
    author = Actor("user", str(user_id)) if user_id is not None else Actor.anonymous()
    letters.write_message(
        author, case.subject, text, author_kind=AuthorKind.CITIZEN, language=case.language, files=tuple(files),
        title=case.reference, url=page_of_case(case.reference),
    )  # fmt: skip


def can_be_told(case: Case) -> bool:
    """Whether somebody reads what the office writes: by the link, by mail or in the inbox."""
    own = Party.objects.filter(case=case)
    return reached(own).exists() or (own.filter(role__in=OWN_ROLES).exists() and has_link(case.subject, ROLE))


def reached(parties: QuerySet[Party]) -> QuerySet[Party]:
    """Those of the parties that a message is sent to."""
    own = parties.filter(role__in=OWN_ROLES)
    return own.filter(Q(user__isnull=False) | (Q(wants_mail=True) & ~Q(email="")))


def require_listener(case: Case) -> None:
    """Raises Conflict when nobody reads what the office writes."""
    if not can_be_told(case):
        raise Conflict(gettext("Zu diesem Vorgang kann niemand gefragt werden."))


def erase(case: Case, *, whole: bool = False) -> None:
    """Remove messages, links, subscriptions, files and the answers of the form."""
    letters.erase_messages(case.subject, whole=whole, actor=ERASER)
    letters.forget_subject("case", case.reference, actor=ERASER)
    stored.erase_files(case.subject, actor=ERASER)
    if case.submission_id is not None and Submission.objects.filter(pk=case.submission_id).exists():
        erase_answers(ERASER, case.submission_id)


def _filled(template: Template, case: Case, one: CaseType, reason: str = "") -> tuple[str, str]:
    language = case.language[:2]
    text, plain = template.translated("text", language), template.translated("plain", language)
    return (
        fill(text, case, one, reason, language=language),
        fill(plain, case, one, reason, language=language),
    )


def _send(
    actor: Actor, case: Case, one: CaseType, text: str, plain: str, template: str, files: Sequence[int] = ()
) -> None:
    people = [
        letters.Recipient(
            email=party.email if party.wants_mail else "",
            user_id=party.user_id,
            language=party.language,
            url=page_of_link(make_link(case, party)) if party.email and party.wants_mail else "",
        )
        for party in Party.objects.filter(case=case, role__in=OWN_ROLES).order_by("pk")
        if party.user_id is not None or (party.email and party.wants_mail)
    ]
    title = one.translated("title", case.language[:2])
    letters.write_message(
        actor, case.subject, text, plain=plain, recipients=people, template=template, language=case.language,
        author_kind=AuthorKind.SYSTEM if actor.kind == "system" else AuthorKind.OFFICE, files=tuple(files),
        title=f"{title} {case.reference}", url=page_of_case(case.reference), with_text=one.mail_content,
    )  # fmt: skip

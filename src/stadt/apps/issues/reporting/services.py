"""The one verb that every way of reporting calls, the “me too” beside it, and forgetting."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from stadt.apps.issues.reporting import area
from stadt.apps.issues.reporting.limits import (
    ALIKE_WITHIN,
    KEPT,
    LONGEST_ADDRESS,
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_ALIKE,
    MOST_PHOTOS,
    SHORTEST_KEY,
)
from stadt.apps.issues.reporting.models import ReceivedReport
from stadt.apps.issues.reporting.offers import Offer, get_offer
from stadt.apps.issues.reporting.sameness import clean_line, clean_text, key_digest, text_digest
from stadt.civic.cases.models import Case, PartyRole, Source
from stadt.civic.cases.people import LONGEST_ASSET
from stadt.civic.cases.queries import Promise, promise
from stadt.civic.cases.services import Opened, PartyData, Spot, move_case, open_case
from stadt.civic.cases.services.telling import make_link
from stadt.civic.files.models import StoredFile
from stadt.civic.forms.queries import get_definition
from stadt.civic.forms.validation import clean
from stadt.core.audit import record
from stadt.core.errors import FieldError, Invalid, NotFound
from stadt.core.people.actor import Actor

HOLD, HELD = "hold", "held"
"""Move and state by which a type lets the platform hold a report back until a person has seen it."""
SYSTEM = "issues.reporting"
FROM_OUTSIDE = frozenset({Source.WEB, Source.API, Source.OPEN311})


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody tells the city. Coordinates are WGS 84 degrees.

    Attributes:
        key: chosen by the sender's device, 16 to 128 signs that nobody guesses; the same key is the same report.
        answers: to the category's questions, as a browser or a program sends them.
        files: ids of photos taken with `owner_of(key)`.
        source: how it came in (`civic.cases`); others than `web`, `api` and `open311` need `cases.handle`.
    """

    key: str
    category: str
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    asset: str = ""
    text: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[int, ...] = ()
    name: str = ""
    email: str = ""
    phone: str = ""
    wants_mail: bool = True
    source: str = "web"
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender gets: the reference, the secret of the link, and what usually happens.

    `secret` is None where officers report for themselves. `is_new` is false where the report had been taken before: whoever
    has its key gets a link of their own again. `is_held`: a person looks at it before it goes on.
    """

    case_id: int
    reference: str
    secret: str | None = field(repr=False)
    promise: Promise | None = None
    is_new: bool = True
    is_held: bool = False


def owner_of(key: str) -> str:
    """Who photos belong to before they belong to a case: the sender's key as a digest."""
    return f"report:{key_digest(key).hex()[:40]}"


def report_issue(actor: Actor | None, report: Report) -> Receipt:
    """Take a report and open its case; anybody may. Sent again with the same key, it is the same report.

    Raises:
        Invalid: naming `key`, `category`, `place`, `text`, `photo`, `email`, `answers.<question>`; nothing was kept.
        Forbidden, SignInNeeded: the source is one for officers.
        NotFound: a photo is not the sender's.
    """
    actor = actor or Actor.anonymous()
    if not SHORTEST_KEY <= len(report.key) <= LONGEST_KEY:
        raise _refusal("key", gettext("Die Kennung der Meldung fehlt oder ist zu kurz oder zu lang."))
    known = ReceivedReport.objects.filter(key=_kept_key(report)).exclude(case_id=None).first()
    if known is not None:
        return _receipt_again(known)
    offer = get_offer(report.category)
    answers = _check(report, offer)
    _require_own_photos(report)
    with transaction.atomic():
        received = _receive(report)
        if received.case_id is not None:
            return _receipt_again(received)
        opened = _open(actor, report, offer, answers)
        # Officers on a round write the same words on purpose.
        is_held = report.source in FROM_OUTSIDE and _hold_if_repeated(opened.case, offer, received)
        received.case_id = opened.case.pk
        received.save(update_fields=["case_id"])
    case = opened.case
    return Receipt(
        case.pk, case.reference, opened.secret, promise_for(offer, case.district_id), is_held=is_held
    )


def _kept_key(report: Report) -> bytes:
    """A key counts within its way in alone: nobody gets, through the web, the receipt of what a program handed in."""
    return key_digest(f"{report.source}:{report.key}")


def _require_own_photos(report: Report) -> None:
    """Ids are numbers that can be guessed; the key cannot. Raises NotFound."""
    wanted = set(report.files)
    own = StoredFile.objects.filter(pk__in=wanted, owner=owner_of(report.key), subject="")
    if wanted and own.count() != len(wanted):
        raise NotFound


def promise_for(offer: Offer, district_id: int | None) -> Promise | None:
    """What may be said about how long it takes, one working day at least; None when there are too few cases to say anything."""
    found = promise(offer.type.key, offer.key, district_id)
    return found and replace(found, median_working_days=max(1, found.median_working_days))


def forget_old_reports(actor: Actor) -> int:
    """Delete what is only needed to notice repetition. Returns how many rows."""
    count = ReceivedReport.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
    if count:
        record(actor, "forget_old_reports", "issues", {"rows": count})
    return count


def _receive(report: Report) -> ReceivedReport:
    """The row of this key, made once: a second sender waits here until the first one has committed or given up."""
    row = ReceivedReport(key=_kept_key(report), text=text_digest(report.text), at=timezone.now())
    ReceivedReport.objects.bulk_create([row], ignore_conflicts=True)
    return ReceivedReport.objects.select_for_update().get(key=row.key)


def _receipt_again(received: ReceivedReport) -> Receipt:
    case = Case.objects.filter(pk=received.case_id or 0).first()
    if case is None:
        raise _refusal("key", gettext("Diese Meldung ist schon angekommen und inzwischen gelöscht."))
    reporter = case.parties.filter(role=PartyRole.REPORTER).first()
    secret = make_link(case, reporter) if reporter and case.anonymised_at is None else None
    return Receipt(case.pk, case.reference, secret, is_new=False)


def _open(actor: Actor, report: Report, offer: Offer, answers: dict[str, Any]) -> Opened:
    place = None
    if report.lon is not None or report.address:
        thing = clean_line(report.asset)[:LONGEST_ASSET]  # a name that is longer names it all the same
        place = Spot(report.lon, report.lat, clean_line(report.address), thing)
    is_own = report.source in FROM_OUTSIDE  # what officers noticed themselves has no reporter to answer to
    party = PartyData(
        "reporter",
        name=clean_line(report.name),
        email=report.email.strip(),
        phone=clean_line(report.phone),
        user_id=actor.user_id,
        wants_mail=report.wants_mail,
    )
    return open_case(
        actor,
        offer.type.key,
        answers=answers,
        category=offer.key,
        place=place,
        party=party if is_own or party.email or party.name else None,
        files=report.files,
        source=report.source,
        text=clean_text(report.text),
        is_example=report.is_example,
    )


def _hold_if_repeated(case: Case, offer: Offer, received: ReceivedReport) -> bool:
    """A text that came several times within days waits for a person; the history says so."""
    if not received.text or offer.type.find_move(HOLD) is None:
        return False
    since = received.at - ALIKE_WITHIN
    alike = ReceivedReport.objects.filter(text=received.text, at__gte=since).exclude(pk=received.pk)
    if alike[:MOST_ALIKE].count() < MOST_ALIKE:
        return False
    move_case(Actor.system(SYSTEM), case.pk, HOLD)
    return True


def _check(report: Report, offer: Offer) -> dict[str, Any]:
    """The cleaned answers. Raises Invalid with everything that is wrong at once."""
    errors = [*_check_place(report, offer), *_check_words(report)]
    if offer.category.needs_photo and not report.files:
        errors.append(FieldError("photo", gettext("Bitte fügen Sie ein Foto hinzu.")))
    if len(report.files) > MOST_PHOTOS:
        errors.append(
            FieldError(
                "photo", gettext("Es sind höchstens %(count)d Fotos möglich.") % {"count": MOST_PHOTOS}
            )
        )
    answers: dict[str, Any] = {}
    if offer.category.form:
        cleaned = clean(get_definition(offer.category.form), report.answers, names={"category": offer.key})
        errors += [FieldError(f"answers.{item.field}", item.message) for item in cleaned.errors]
        errors += [FieldError("category", text) for text in cleaned.stops]
        answers = cleaned.answers
    if errors:
        raise Invalid(gettext("Bitte prüfen Sie Ihre Angaben."), fields=tuple(errors))
    return answers


def _check_place(report: Report, offer: Offer) -> list[FieldError]:
    if (report.lon is None) != (report.lat is None):
        return [FieldError("place", gettext("Zu einem Ort gehören Länge und Breite."))]
    if report.lon is None or report.lat is None:
        if offer.category.needs_place:
            return [FieldError("place", gettext("Bitte sagen Sie, wo es ist."))]
        return []
    if not area.locate(report.lon, report.lat).is_inside:
        return [FieldError("place", area.outside_text(report.lon, report.lat))]
    return []


def _check_words(report: Report) -> list[FieldError]:
    errors = []
    for name, text, most in (
        ("text", report.text, LONGEST_TEXT),
        ("address", report.address, LONGEST_ADDRESS),
        ("asset", report.asset, LONGEST_ADDRESS),
        ("name", report.name, LONGEST_NAME),
        ("phone", report.phone, LONGEST_NAME),
    ):
        if len(text) > most:
            errors.append(FieldError(name, gettext("Höchstens %(most)d Zeichen, bitte.") % {"most": most}))
    if report.email:
        try:
            validate_email(report.email.strip())
        except ValidationError:
            errors.append(FieldError("email", gettext("Das ist keine E-Mail-Adresse.")))
    return errors


def _refusal(name: str, reason: str) -> Invalid:
    return Invalid(reason, fields=(FieldError(name, reason),))

"""Reads of forms: versions, drafts by their secret, what was sent."""

from functools import lru_cache

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from stadt.civic.forms.canonical import digest_of_json
from stadt.civic.forms.definition import FormDefinition
from stadt.civic.forms.models import Draft, FormVersion, Submission
from stadt.civic.forms.reading import read_definition
from stadt.core.errors import NotFound
from stadt.core.people.actor import Actor
from stadt.core.tokens import digest_of

KEPT_DEFINITIONS = 512


def find_form(key: str, number: int | None = None) -> FormVersion | None:
    """A version of a form, the newest when no number is given."""
    found = FormVersion.objects.filter(key=key).order_by("-number")
    return (found if number is None else found.filter(number=number)).first()


def get_form(key: str, number: int | None = None) -> FormVersion:
    """As `find_form`. Raises NotFound."""
    found = find_form(key, number)
    if found is None:
        raise NotFound(gettext("Es gibt kein Formular „%(key)s“.") % {"key": key[:80]})
    return found


def list_forms() -> list[FormVersion]:
    """The newest version of every form, by key."""
    newest = FormVersion.objects.values("key").annotate(number=Max("number"))
    numbers = {row["key"]: row["number"] for row in newest}
    found = FormVersion.objects.filter(key__in=numbers).order_by("key", "number")
    return [version for version in found if version.number == numbers[version.key]]


def definition_of(version: FormVersion) -> FormDefinition:
    """The definition kept in a version; versions never change, so it is read once in a process."""
    return _definition(version.pk, bytes(version.digest))


@lru_cache(maxsize=KEPT_DEFINITIONS)
def _definition(pk: int, digest: bytes) -> FormDefinition:
    return read_definition(FormVersion.objects.values_list("definition", flat=True).get(pk=pk))


def get_definition(key: str, number: int | None = None) -> FormDefinition:
    """The definition of a form, the newest when no number is given. Raises NotFound."""
    return definition_of(get_form(key, number))


def find_draft(secret: str) -> Draft | None:
    """The draft of this secret, unless it is too old; also one that was sent already (`submission`)."""
    found = Draft.objects.select_related("version", "submission").filter(digest=digest_of(secret))
    return found.filter(expires_at__gt=timezone.now()).first()


def get_draft(secret: str) -> Draft:
    """As `find_draft`. Raises NotFound."""
    found = find_draft(secret)
    if found is None:
        raise NotFound(
            gettext("Diesen Entwurf gibt es nicht mehr. Entwürfe werden nach einiger Zeit gelöscht.")
        )
    return found


def list_drafts(actor: Actor) -> list[Draft]:
    """Unfinished drafts of the signed-in person, newest first."""
    if actor.user_id is None:
        return []
    found = Draft.objects.select_related("version").filter(user_id=actor.user_id, submission=None)
    return list(found.filter(expires_at__gt=timezone.now()).order_by("-changed_at", "-pk"))


def get_submission(pk: int) -> Submission:
    """What was sent. Who may see it is decided by whoever owns it, such as a case. Raises NotFound."""
    found = Submission.objects.select_related("version").filter(pk=pk).first()
    if found is None:
        raise NotFound(gettext("Diese Angaben gibt es nicht."))
    return found


def submission_digest(version: FormVersion, answers: dict[str, object], salt: bytes) -> bytes:
    """The SHA-256 that a submission carries."""
    document = {"form": version.key, "version": version.number, "answers": answers, "salt": salt.hex()}
    return digest_of_json(document)


def is_untouched(submission: Submission) -> bool:
    """Whether the answers still are what the digest was taken of; of erased ones nobody can tell any more."""
    if submission.erased_at is not None:
        return False
    salt = bytes(submission.salt)
    return submission_digest(submission.version, submission.answers, salt) == bytes(submission.digest)

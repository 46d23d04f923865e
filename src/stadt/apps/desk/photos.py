"""Photos and files of a case for those who may see it, by addresses that last a short while; and photos taken in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from stadt.civic.cases.catalogue import CaseType
from stadt.civic.cases.models import Case
from stadt.civic.files.models import Kind, Role, Size, StoredFile
from stadt.civic.files.queries import files_of, files_of_many
from stadt.civic.files.services import take_files
from stadt.civic.files.serving import signed_url
from stadt.core.people.actor import Actor
from stadt.core.people.models import Membership


@dataclass(frozen=True, slots=True)
class Photo:
    """A file with addresses that hold for this page. `is_photo`: it can be shown small and redacted."""

    pk: int
    role: str
    name: str
    small: str
    large: str
    is_photo: bool
    is_public: bool


def photos_of(case: Case) -> list[Photo]:
    """All files of the case, oldest first; what the virus scanner complained of is not among them. One query."""
    return [shown(one) for one in files_of(case.subject)]


def photos_of_order(case: Case, case_type: CaseType) -> list[Photo]:
    """What of the photos belongs to an order: those of the report that the office released or whose type publishes them at
    once, and those of the firm itself. What came with an answer or from other people is not the firm's. Two queries."""
    at_once = case_type.public.photos_published == "at_once"
    firm = owners_of(case.contractor_id) if case.contractor_id is not None else set()
    return [
        shown(one)
        for one in files_of(case.subject)
        if one.kind == Kind.PHOTO
        and (
            one.is_published
            or (one.role == Role.BEFORE and at_once)
            or (one.role == Role.AFTER and one.owner in firm)
        )
    ]


def unreleased(case: Case, case_type: CaseType) -> int:
    """How many photos of the report a contractor does not see yet. One query."""
    if case_type.public.photos_published == "at_once":
        return 0
    return sum(
        one.kind == Kind.PHOTO and one.role == Role.BEFORE and not one.is_published
        for one in files_of(case.subject)
    )


def first_photos(cases: Iterable[Case]) -> dict[int, Photo]:
    """The first photo of each case that has one, by the case's id. One query."""
    subjects = {case.subject: case.pk for case in cases}
    found = {}
    for subject, files in files_of_many(list(subjects)).items():
        first = next((one for one in files if one.kind == Kind.PHOTO), None)
        if first is not None:
            found[subjects[subject]] = shown(first)
    return found


def before(photos: Iterable[Photo]) -> list[Photo]:
    """Photos that came with the report or an answer."""
    return [one for one in photos if one.is_photo and one.role != Role.AFTER]


def after(photos: Iterable[Photo]) -> list[Photo]:
    """Photos of the work that was done."""
    return [one for one in photos if one.is_photo and one.role == Role.AFTER]


def take(actor: Actor, sent: Sequence[Any]) -> list[int]:
    """Take photos in, all or none. Raises Invalid naming `photo`, TooLarge, TooMany."""
    owner = owner_of(actor)
    return [one.pk for one in take_files(sent, accepts=("photo",), owner=owner, actor=actor, field="photo")]


def owner_of(actor: Actor) -> str:
    """The key under which files keep who brought them."""
    return f"{actor.kind}:{actor.identifier}"


def owners_of(organisation_id: int) -> set[str]:
    """The same keys for the people of an organisation. One query."""
    members = Membership.objects.in_force().filter(organisation_id=organisation_id)
    return {f"user:{pk}" for pk in members.values_list("user_id", flat=True)}


def take_papers(actor: Actor, sent: Sequence[Any]) -> list[int]:
    """Take photos and PDF in for a message, all or none. Raises Invalid naming `papers`, TooLarge, TooMany."""
    taken = take_files(sent, accepts=("photo", "pdf"), owner=owner_of(actor), actor=actor, field="papers")
    return [one.pk for one in taken]


def shown(file: StoredFile) -> Photo:
    """The file as pages show it."""
    is_photo = file.kind == Kind.PHOTO
    return Photo(
        pk=file.pk,
        role=file.role,
        name=file.name,
        small=signed_url(file, Size.SMALL) if is_photo else "",
        large=signed_url(file, Size.MEDIUM if is_photo else Size.FULL),
        is_photo=is_photo,
        is_public=file.is_published,
    )

"""What is kept inside is found at no address, in no feed, layer, search, dataset or export.

The addresses come from the application itself, so that a new one is tested without being told.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from typing import Any

import msgspec
import pytest
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from stadt.apps.issues.shown.models import PublicIssue
from stadt.apps.issues.shown.projection import rebuild_projection
from stadt.apps.issues.shown.subscribing import case_key
from stadt.apps.issues.shown.tests.reports import NOON, TYPE
from stadt.civic.cases.models import Case, CaseTypeVersion, Entry, Note, Party, Support
from stadt.civic.cases.rights import READ, SEE_CONTACT, WORK
from stadt.civic.cases.versions import digest_of_type
from stadt.civic.files.models import StoredCopy, StoredFile
from stadt.civic.forms.models import Draft, FormVersion, Submission
from stadt.civic.messages.models import AccessLink, Fact, Message, Subscription, Thread
from stadt.core.people.models import Membership, Organisation, Role, User
from stadt.core.people.tree import CITY
from stadt.core.registry import registry

pytestmark = pytest.mark.django_db

CANARY = "zzkanarie"
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
OPEN, HIDDEN = "OPEN-2345", "HIDE-2345"
NEAR = {"melden", "dienste", "karte", "open311", "daten", "dataset", "kennzahlen", "dateien", "api"}
INSIDE = {"vorgaenge", "postfach", "dienste", "melden"}
# What everybody may read of a report is no secret of it.
TOLD = {
    Case: {"published_text", "reference", "type_key", "category", "state", "face"},
    Entry: {"to_state", "move", "kind", "actor_kind", "from_state"},
    Party: {"role", "language"},
    Support: {"kind"},
    StoredFile: {"kind", "media_type", "subject", "role", "scan", "sha256", "owner"},
    Note: set(),
    Thread: {"subject", "url"},
    Message: {"author_kind", "language", "template"},
    AccessLink: {"subject", "role"},
    Subscription: {"kind", "key", "language", "rhythm"},
    Submission: {"language"},
    Draft: {"language", "names"},
}
OTHERS = {CaseTypeVersion, PublicIssue, FormVersion, StoredCopy, Fact}
"""Tables beside those that hold no words of a case, or only such as are for everybody."""


def secrets_of(model: type[models.Model]) -> dict[str, Any]:
    """A canary in every field of a table that can hold words and is not told to everybody."""
    found: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name in TOLD[model] or field.generated:
            continue
        if isinstance(field, models.EmailField):
            found[field.name] = f"{CANARY}-{field.name}@example.org"
        elif isinstance(field, models.CharField | models.TextField):
            found[field.name] = f"{CANARY}-{field.name}"[: field.max_length or 99]
        elif isinstance(field, models.JSONField):
            found[field.name] = {f"{CANARY}-{field.name}": f"{CANARY}-{field.name}"}
    return found


def make(reference: str, **more: Any) -> Case:
    """A case with a canary wherever something internal can stand."""
    given = secrets_of(Case) | {
        "reference": reference,
        "type_key": TYPE.key,
        "type_version": TYPE.version,
        "category": "deep",
        "state": "dry",
        "face": "done",
        "received_at": NOON,
        "changed_at": NOON,
        "closed_at": NOON + timedelta(days=2),
        "lon": 7.123456,
        "lat": 51.512345,
        "address": f"Ringstraße 12 {CANARY}-address",
        "language": "de",
        "source": "web",
    }
    case = Case.objects.create(**given | more)
    for move, state in (
        ("", "new"),
        ("again", "looking"),
        ("report_work", "looking"),
        ("ask", "asked"),
        ("dry", "dry"),
    ):
        words = {"public_text": "", "reason": ""} if move in ("", "dry") else {}
        Entry.objects.create(
            **secrets_of(Entry)
            | {"case": case, "at": NOON, "kind": "moved", "move": move, "to_state": state}
            | words
        )
    Party.objects.create(**secrets_of(Party) | {"case": case})
    Note.objects.create(**secrets_of(Note) | {"case": case})
    Support.objects.create(
        **secrets_of(Support) | {"case": case, "kind": "not_fixed", "actor_hash": b"1" * 32}
    )
    key = secrets_of(StoredFile)["key"][:14] + reference
    StoredFile.objects.create(
        **secrets_of(StoredFile)
        | {
            "key": key,
            "kind": "photo",
            "subject": case.subject,
            "role": "before",
            "bytes": 1,
            "sha256": "0" * 64,
        }
    )
    surround(case)
    return case


def surround(case: Case) -> None:
    """Letters, links, followers and a form with canaries."""
    Message.objects.create(
        **secrets_of(Message)
        | {
            "thread": Thread.objects.create(**secrets_of(Thread) | {"subject": case.subject}),
            "author_kind": "office",
        }
    )
    seal = {
        "digest": case.reference.encode().ljust(32, b"x"),
        "expires_at": timezone.now() + timedelta(days=9),
    }
    AccessLink.objects.create(**secrets_of(AccessLink) | {"subject": case.subject, "role": "reporter"} | seal)
    Subscription.objects.create(
        **secrets_of(Subscription)
        | {"kind": "case", "key": case_key(case.reference), "nonce": b"1" * 16, "digest": seal["digest"]}
    )
    version, _ = FormVersion.objects.get_or_create(key="deep", number=1, definition={}, digest=b"1" * 32)
    sent = Submission.objects.create(
        **secrets_of(Submission) | {"version": version, "salt": b"1" * 16, "digest": b"2" * 32}
    )
    Draft.objects.create(**secrets_of(Draft) | {"version": version, "prefilled": {}} | seal)
    Case.objects.filter(pk=case.pk).update(submission_id=sent.pk)


@pytest.fixture
def stranger(db: None) -> Client:
    """Somebody who works on the cases of another team, and on orders of another firm."""
    user = User.objects.create_user(email="stranger@example.org")
    city, _ = Organisation.objects.get_or_create(key=CITY, defaults={"name": "Stadt"})
    team = Organisation.objects.create(key="another", name="Anderes Team", parent=city)
    role = Role.objects.create(key="canary", title="Rolle", permissions=[READ.key, SEE_CONTACT.key, WORK.key])
    Membership.objects.create(user=user, organisation=team, role=role)
    made = Client()
    made.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return made


@pytest.fixture
def reports() -> None:
    """A report that everybody may see and one that nobody may, both full of what is internal."""
    CaseTypeVersion.objects.create(
        key=TYPE.key, version=TYPE.version, definition=msgspec.to_builtins(TYPE), sha256=digest_of_type(TYPE)
    )
    make(OPEN)
    make(HIDDEN, category="private")
    rebuild_projection()


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield path
        elif isinstance(entry, URLResolver):
            yield from patterns(entry, path)


def addresses(*, of_everybody: bool = True) -> list[str]:
    """Every address of the city, with a report's number, its case's or a topic wherever something is asked for.

    `of_everybody` is False for those that only people with an account can get something from.
    """
    paths = [path for path in patterns(get_resolver()) if "^" not in path and not path.startswith("konto/")]
    case = str(Case.objects.values_list("pk", flat=True).get(reference=OPEN))
    values = (
        OPEN,
        HIDDEN,
        case,
        f"case:{case}",
        "deep",
        "private",
        "issues.reports",
        "issues.monthly",
        "puddle",
    )
    plain = [f"/{path}" for path in paths if "<" not in path]
    # Only addresses that can know of a report: the others are held by their own tests.
    near = [
        path for path in paths if "<" in path and path.split("/")[0] in (NEAR if of_everybody else INSIDE)
    ]
    if not of_everybody:
        plain = [path for path in plain if path.split("/")[1] in INSIDE]
    keyed = ["/" + PARAMETER.sub(value, path) for path in near for value in values]
    searched = (
        ("/suche", "/melden/", "/daten/", "/melden/karte.geojson") if of_everybody else ("/vorgaenge/",)
    )
    searches = [f"{address}?q={words}" for address in searched for words in (CANARY, "Ringstra%C3%9Fe")]
    return [*plain, *keyed, *searches]


def test_no_address_tells_what_is_internal(client: Client, reports: None) -> None:
    asked = addresses()
    assert any(f"/melden/{OPEN}/" == address for address in asked)
    look_at_all(client, asked)


def test_whoever_works_elsewhere_is_told_nothing_either(stranger: Client, reports: None) -> None:
    asked = addresses(of_everybody=False)
    assert f"/vorgaenge/{OPEN}/" in asked
    assert stranger.get("/vorgaenge/").status_code == 200
    look_at_all(stranger, asked)
    for address in (f"/vorgaenge/{OPEN}/kontakt/", "/vorgaenge/sammeln/"):
        assert CANARY not in stranger.post(address, {"fall": OPEN}).content.decode()


def look_at_all(client: Client, asked: list[str]) -> None:
    for address in asked:
        if address.startswith(("/health", "/sta", "/metrics")):
            continue
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        body = content.decode("utf-8", "replace").replace(f"„{CANARY}“", "").replace(f'value="{CANARY}"', "")
        assert f"{CANARY}-" not in body, address
        if HIDDEN not in address:
            assert HIDDEN not in body, address


def test_no_layer_search_dataset_or_panel_tells_it_either(reports: None) -> None:
    told = [
        json.dumps([feature.as_geojson() for feature in layer.features()])
        for layer in registry.layers.values()
    ]
    for source in registry.search_sources:
        for words in (CANARY, f"{CANARY}-text", OPEN, HIDDEN, "Ringstraße"):
            told += [repr(hit) for hit in source.find(words, 20)]
    for key in ("issues.reports", "issues.monthly"):
        told += [repr(row) for row in registry.datasets[key].rows()]
    told += [repr(row) for row in PublicIssue.objects.values()]
    assert any(OPEN in words for words in told)
    for words in chain(told):
        assert CANARY not in words
        assert HIDDEN not in words


def test_every_table_of_a_case_is_known_here() -> None:
    """A new table beside a case is added to `TOLD`, or its name here says why it holds no words."""
    beside = {
        model
        for model in Case._meta.apps.get_models()
        if model._meta.app_label in {"cases", "civic_messages", "civic_forms", "civic_files"}
        and model.__name__ not in {"TaskDone", "SavedFilter", "ThreadParty", "Delivery", "Telling"}
    }
    assert beside <= {*TOLD, *OTHERS}

"""Answers from a trusted source, sealed so that nobody changes them on the way (CVE-2025-64515 of another product)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext

from stadt.civic.forms.answers import read_answer
from stadt.civic.forms.canonical import digest_of_json
from stadt.civic.forms.definition import FILE_KINDS, FormDefinition
from stadt.civic.forms.models import Draft
from stadt.civic.forms.values import UnfitAnswerError
from stadt.core.errors import Conflict


@dataclass(frozen=True, slots=True)
class Prefill:
    """Values by the name that fields give as `prefill`, such as `user.email`. They cannot be changed in the form."""

    values: Mapping[str, Any]


def prefilled_answers(definition: FormDefinition, prefill: Prefill | None) -> dict[str, Any]:
    """The answers by field key; a value that does not fit its field is left out, so that the person is asked."""
    found = {}
    for item in definition.fields():
        sent = prefill.values.get(item.prefill) if prefill and item.prefill else None
        if sent is None or item.kind in FILE_KINDS:
            continue
        try:
            answer = read_answer(item, sent)
        except UnfitAnswerError:
            continue
        if answer is not None:
            found[item.key] = answer
    return found


SEAL = "civic.forms.prefill"


def seal_of(draft: Draft) -> str:
    """The signature over which draft of which version was prefilled with what."""
    return Signer(salt=SEAL).signature(_content(draft))


def check_seal(draft: Draft) -> None:
    """Raises Conflict when the prefilled answers are not those that were sealed."""
    try:
        Signer(salt=SEAL).unsign(f"{_content(draft)}:{draft.seal}")
    except BadSignature:
        text = gettext("Die übernommenen Angaben wurden verändert. Bitte beginnen Sie das Formular neu.")
        raise Conflict(text) from None


def _content(draft: Draft) -> str:
    content = {"draft": bytes(draft.digest).hex(), "version": draft.version_id, "prefilled": draft.prefilled}
    return digest_of_json(content).hex()

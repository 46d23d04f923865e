"""Reads one answer from what a browser or a program sent, by the kind of its field: text as a person types it, or JSON."""

from collections.abc import Callable
from typing import Any

from stadt.civic.forms.definition import FieldDefinition, Kind
from stadt.civic.forms.geometry import read_area, read_place
from stadt.civic.forms.values import (
    read_choice,
    read_choices,
    read_consent,
    read_date,
    read_email,
    read_files,
    read_number,
    read_parts,
    read_phone,
    read_text,
    read_yes_no,
)

Reader = Callable[[FieldDefinition, Any], Any]
READERS: dict[Kind, Reader] = {
    Kind.TEXT: read_text,
    Kind.LONG_TEXT: read_text,
    Kind.NUMBER: read_number,
    Kind.AMOUNT: read_number,
    Kind.DATE: read_date,
    Kind.CHOICE: read_choice,
    Kind.CHOICES: read_choices,
    Kind.YES_NO: read_yes_no,
    Kind.EMAIL: read_email,
    Kind.PHONE: read_phone,
    Kind.ADDRESS: read_parts,
    Kind.PERSON: read_parts,
    Kind.ORGANISATION: read_parts,
    Kind.FILE: read_files,
    Kind.PHOTO: read_files,
    Kind.CONSENT: read_consent,
    Kind.PLACE: read_place,
    Kind.AREA: read_area,
    Kind.INFO: lambda field, sent: None,
}


def read_answer(field: FieldDefinition, sent: Any) -> Any:
    """The answer, or None when nothing was answered.

    Args:
        sent: a text, a list of texts or a mapping of parts as `collect` gave it; or a JSON value, also one that was read
            before: reading an answer again gives the same.

    Raises:
        UnfitAnswerError: with what is wrong.
    """
    if sent is None or sent == "" or sent == []:
        return None
    return READERS[field.kind](field, sent)

"""Reads texts, numbers, dates, choices and groups from what a person typed or a program sent as JSON."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext

from stadt.civic.forms.definition import FieldDefinition, Kind
from stadt.core.unseen import UNSEEN

LONGEST = {Kind.TEXT: 300, Kind.LONG_TEXT: 5000, Kind.EMAIL: 254, Kind.PHONE: 40}
LONGEST_PART = 200
LARGEST = 1e12
PHONE = re.compile(r"^[+(]?[\d][\d\s()/.-]{2,38}$")
POSTAL_CODE = re.compile(r"^\d{5}$")
YES = frozenset({"yes", "ja", "true", "on", "1"})
NO = frozenset({"no", "nein", "false", "off", "0"})
GERMAN_NUMBER = re.compile(r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$")
POINT_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")


class UnfitAnswerError(ValueError):
    """The answer cannot be taken. `part` names the part of a group, such as `day`; the text is fit to show."""

    def __init__(self, message: str, part: str = "") -> None:
        super().__init__(message)
        self.part = part


def read_text(field: FieldDefinition, sent: Any) -> str | None:
    """Text without control characters, trimmed; only long texts have lines."""
    text = text_of(sent)
    if field.kind is not Kind.LONG_TEXT and "\n" in text:
        raise UnfitAnswerError(gettext("darf nur eine Zeile haben"))
    longest = field.max_length or LONGEST.get(field.kind, 300)
    if len(text) > longest:
        raise UnfitAnswerError(gettext("hat mehr als %(most)s Zeichen") % {"most": longest})
    if text and field.pattern and not re.fullmatch(field.pattern, text):
        raise UnfitAnswerError(gettext("hat nicht die verlangte Form"))
    return text or None


def read_email(field: FieldDefinition, sent: Any) -> str | None:
    """An e-mail address in small letters."""
    text = read_text(field, sent)
    try:
        if text:
            validate_email(text)
    except ValidationError:
        raise UnfitAnswerError(gettext("ist keine E-Mail-Adresse wie name@beispiel.de")) from None
    return text.lower() if text else None


def read_phone(field: FieldDefinition, sent: Any) -> str | None:
    """A phone number as people write it; kept as written."""
    text = read_text(field, sent)
    if text and not PHONE.match(text):
        raise UnfitAnswerError(gettext("ist keine Telefonnummer wie 0209 123456"))
    return text


def read_number(field: FieldDefinition, sent: Any) -> int | float | None:
    """A number: whole unless the field has `decimals`; typed with a decimal comma and dots between thousands."""
    number = number_of(sent)
    if number is None:
        return None
    decimals = 2 if field.kind is Kind.AMOUNT else field.decimals
    if decimals == 0:
        if number != int(number):
            raise UnfitAnswerError(gettext("ist keine ganze Zahl"))
        number = int(number)
    else:
        if round(number, decimals) != number:
            raise UnfitAnswerError(
                gettext("hat mehr als %(most)s Stellen nach dem Komma") % {"most": decimals}
            )
        number = float(number)
    _in_bounds(field, number)
    return number


def read_date(field: FieldDefinition, sent: Any) -> str | None:
    """A date as `2026-11-29`, from day, month and year, or from a text as ISO 8601 or `29.11.2026`."""
    if isinstance(sent, Mapping):
        parts = {name: text_of(sent.get(name) or "") for name in ("day", "month", "year")}
        if not any(parts.values()):
            return None
        missing = {
            "day": gettext("braucht einen Tag als Zahl"),
            "month": gettext("braucht einen Monat als Zahl"),
            "year": gettext("braucht ein Jahr als Zahl"),
        }
        for name, text in missing.items():
            if not re.fullmatch(r"\d{1,4}", parts[name], re.ASCII):
                raise UnfitAnswerError(text, name)
        numbers = tuple(int(parts[name]) for name in ("year", "month", "day"))
    else:
        text = text_of(sent)
        if not text:
            return None
        iso, german = (
            re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text, re.ASCII),
            re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", text, re.ASCII),
        )
        if iso:
            numbers = tuple(map(int, iso.groups()))
        elif german:
            numbers = tuple(map(int, reversed(german.groups())))
        else:
            raise UnfitAnswerError(gettext("ist kein Datum wie 29.11.2026"))
    year, month, day = numbers
    if not year >= 1000:
        raise UnfitAnswerError(gettext("braucht ein Jahr mit vier Ziffern"), "year")
    if not 1 <= month <= 12:
        raise UnfitAnswerError(gettext("braucht einen Monat von 1 bis 12"), "month")
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise UnfitAnswerError(gettext("nennt einen Tag, den es in diesem Monat nicht gibt"), "day") from None


def read_choice(field: FieldDefinition, sent: Any) -> str | None:
    """The value of one choice; one that stops the form is refused with its text."""
    value = text_of(sent)
    if not value:
        return None
    found = field.choice(value)
    if found is None:
        raise UnfitAnswerError(gettext("ist keine der Möglichkeiten"))
    return value


def read_choices(field: FieldDefinition, sent: Any) -> list[str] | None:
    """The values of the choices in the order the form shows them."""
    if not isinstance(sent, list | tuple):
        sent = [sent]
    if len(sent) > len(field.choices) * 2:
        raise UnfitAnswerError(gettext("nennt zu viele Möglichkeiten"))
    wanted = {read_choice(field, item) for item in sent} - {None}
    _in_bounds(field, len(wanted), gettext("Möglichkeiten"))
    return [choice.value for choice in field.choices if choice.value in wanted] or None


def read_yes_no(field: FieldDefinition, sent: Any) -> bool | None:
    """True or false."""
    if isinstance(sent, bool):
        return sent
    text = text_of(sent).lower()
    if text in YES | NO:
        return text in YES
    raise UnfitAnswerError(gettext("ist weder Ja noch Nein"))


def read_consent(field: FieldDefinition, sent: Any) -> bool | None:
    """True, or nothing: a consent that was not given is no answer."""
    return read_yes_no(field, sent) or None


def read_parts(field: FieldDefinition, sent: Any) -> dict[str, str] | None:
    """An object of texts; a group that is begun needs all its compulsory parts."""
    if not isinstance(sent, Mapping):
        raise UnfitAnswerError(gettext("ist falsch aufgebaut"))
    found = {}
    for part in field.all_parts:
        if sent.get(part) in (None, ""):
            continue
        text = text_of(sent[part], part)
        if "\n" in text or len(text) > LONGEST_PART:
            raise UnfitAnswerError(
                gettext("darf nur eine Zeile mit höchstens %(most)s Zeichen haben") % {"most": LONGEST_PART},
                part,
            )
        if text:
            found[part] = text
    if not found:
        return None
    for part in field.all_parts[: len(field.all_parts) - len(field.parts)]:
        if part not in found:
            raise UnfitAnswerError(gettext("ist nicht vollständig"), part)
    _check_part(found)
    return found


def _check_part(found: dict[str, str]) -> None:
    if "postal_code" in found and not POSTAL_CODE.match(found["postal_code"]):
        raise UnfitAnswerError(gettext("braucht eine Postleitzahl mit fünf Ziffern"), "postal_code")
    if "phone" in found and not PHONE.match(found["phone"]):
        raise UnfitAnswerError(gettext("ist keine Telefonnummer wie 0209 123456"), "phone")
    try:
        validate_email(found.get("email", "a@b.de"))
    except ValidationError:
        raise UnfitAnswerError(gettext("ist keine E-Mail-Adresse wie name@beispiel.de"), "email") from None
    if "email" in found:
        found["email"] = found["email"].lower()


def read_files(field: FieldDefinition, sent: Any) -> list[int] | None:
    """Ids of files that were taken before; `validation` lets only those pass that belong to the draft."""
    if not isinstance(sent, list | tuple) or not all(
        isinstance(item, int) and not isinstance(item, bool) for item in sent
    ):
        raise UnfitAnswerError(gettext("ist falsch aufgebaut"))
    ids = list(dict.fromkeys(sent))
    if ids:
        _in_bounds(field, len(ids), gettext("ausgewählte Dateien"), default_most=5)
    return ids or None


def _in_bounds(
    field: FieldDefinition, number: float, unit: str = "", default_most: float | None = None
) -> None:
    most = field.maximum if isinstance(field.maximum, int | float) else default_most
    if isinstance(field.minimum, int | float) and number < field.minimum:
        raise UnfitAnswerError(
            gettext("ist weniger als %(least)s") % {"least": f"{field.minimum} {unit}".strip()}
        )
    if most is not None and number > most:
        raise UnfitAnswerError(gettext("ist mehr als %(most)s") % {"most": f"{most} {unit}".strip()})


def number_of(sent: Any) -> int | float | None:
    if isinstance(sent, bool):
        raise UnfitAnswerError(gettext("ist keine Zahl"))
    if not isinstance(sent, int | float):
        text = re.sub(r"[\s€]", "", text_of(sent))
        if not text:
            return None
        if GERMAN_NUMBER.match(text):
            text = text.replace(".", "").replace(",", ".")
        elif not POINT_NUMBER.match(text):
            raise UnfitAnswerError(gettext("ist keine Zahl wie 12,5"))
        if len(text) > 40:
            raise UnfitAnswerError(gettext("ist zu groß"))
        sent = float(text) if "." in text else int(text)
    number: int | float = sent
    if not -LARGEST <= number <= LARGEST:
        raise UnfitAnswerError(gettext("ist zu groß"))
    return number


def text_of(sent: Any, part: str = "") -> str:
    if isinstance(sent, bool) or not isinstance(sent, str | int | float):
        raise UnfitAnswerError(gettext("ist falsch aufgebaut"), part)
    text = str(sent).replace("\r\n", "\n").replace("\r", "\n")
    if UNSEEN.search(text):
        raise UnfitAnswerError(gettext("enthält Zeichen, die kein Text sind"), part)
    return text.strip()

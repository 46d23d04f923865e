"""Kinds of arguments that several commands take; what does not fit is refused before anything starts."""

from argparse import ArgumentTypeError
from ipaddress import ip_address

from stadt.core.language import in_words

MOST_PROCESSES = 64


def listening_address(text: str) -> str:
    """An address of this machine: numbers, or `localhost`."""
    if text == "localhost":
        return text
    try:
        return str(ip_address(text))
    except ValueError:
        raise ArgumentTypeError(
            in_words("keine IP-Adresse wie 127.0.0.1 oder ::1", "no IP address such as 127.0.0.1 or ::1")
        ) from None


def count(text: str) -> int:
    """How many of something there are to be, from 1 on."""
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST_PROCESSES):
        raise ArgumentTypeError(
            in_words(f"keine Zahl von 1 bis {MOST_PROCESSES}", f"no number from 1 to {MOST_PROCESSES}")
        )
    return int(text)

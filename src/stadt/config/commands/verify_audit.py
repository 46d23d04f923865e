"""`stadt verify-audit FILE`: verify an exported part of the audit, with no city and no database."""

import argparse
from pathlib import Path

from stadt.core.audit_file import verify_lines
from stadt.core.errors import Invalid
from stadt.core.language import in_words
from stadt.core.witness import Head

NAME = "verify-audit"
HELP = in_words(
    "prüft eine Ausgabe des Protokolls (JSON Lines)", "verifies an export of the protocol (JSON lines)"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """The file, and a head noted elsewhere."""
    parser.add_argument("file", type=Path, help=in_words("Datei aus der Ausgabe", "exported file"))
    parser.add_argument(
        "--head",
        metavar="N:HASH",
        default="",
        help=in_words(
            "Siegel, das in der Datei stehen muss, wie 120:9f2c…", "seal that must be in it: 120:9f2c…"
        ),
    )


def run(arguments: argparse.Namespace) -> int:
    """Say what the file holds; 1 when something in it was changed.

    Raises:
        Invalid: there is no such file, or the head is no number and hash.
    """
    expected = _head(arguments.head) if arguments.head else None
    try:
        with arguments.file.open(encoding="utf-8") as lines:
            found = verify_lines(lines, expected)
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{arguments.file}: {error}") from error
    if found.broken:
        print(f"✗ {found.broken}")
        return 1
    if found.head is None:
        print(in_words("✗ In der Datei ist keine versiegelte Zeile.", "✗ No sealed row in the file."))
        return 1
    print(
        in_words(
            f"✓ {found.sealed} Zeilen sind, wie sie versiegelt wurden; {found.gaps} Lücken, {found.unsealed} ohne Siegel.",
            f"✓ {found.sealed} rows are as they were sealed; {found.gaps} gaps, {found.unsealed} without a seal.",
        )
    )
    print(in_words("  Letztes Siegel", "  Last seal") + f" {found.head.sequence}:{found.head.hash}")
    return 0


def _head(text: str) -> Head:
    number, _colon, hashed = text.partition(":")
    if not (number.isascii() and number.isdigit() and len(hashed) == 64):
        raise Invalid(in_words("--head braucht Nummer und Prüfwert: 120:9f2c…", "--head needs number:hash."))
    return Head(int(number), hashed.lower())

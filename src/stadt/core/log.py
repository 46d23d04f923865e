"""The form of the log: one line for each event, whatever a visitor sent."""

import logging
import re

LONGEST_MESSAGE = 2000
# Everything that starts a new line or steers a terminal: C0, C1, Unicode's line ends and changes of direction.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class LineFormatter(logging.Formatter):
    """Writes a record's message as one line of bounded length; only a trace, which we cause ourselves, has more."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the base class's name
        text = record.message
        if len(text) > LONGEST_MESSAGE:
            text = f"{text[:LONGEST_MESSAGE]}… ({len(text)} characters)"
        record.message = UNPRINTABLE.sub(_escaped, text)
        return super().formatMessage(record)


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")

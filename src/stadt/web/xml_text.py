"""Text that XML 1.0 can hold."""

import re

# All but tab, line ends, and what is not a control sign, half of a pair, or no sign at all (XML 1.0 §2.2).
NOT_IN_XML = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def xml_text(text: str) -> str:
    """The text without signs by which a whole document could no longer be read."""
    return NOT_IN_XML.sub("", text)

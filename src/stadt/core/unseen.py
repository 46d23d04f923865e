"""Signs that nobody sees and that change what is read: refused in texts that people write."""

import re

UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and line ends, lone surrogates, and marks that turn the direction of writing."""

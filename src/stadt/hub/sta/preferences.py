"""What a client prefers (RFC 7240): the header `Prefer` of a batch, or of a change."""

CONTINUE_ON_ERROR = "continue-on-error"
CORRECT_UNIT = "correct-unit"


def prefers(header: str, name: str) -> bool:
    """Whether a header asks for a preference; OData's names may have their prefix (OData 4.01, 8.2.8)."""
    for preference in header.replace(";", ",").split(","):
        found, _, value = preference.strip().lower().partition("=")
        if found.strip().removeprefix("odata.") == name:
            return value.strip(' "') != "false"
    return False

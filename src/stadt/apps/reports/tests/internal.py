"""A strategy whose internal fields all say the same secret word."""

from typing import Any

import msgspec

from stadt.apps.strategy.public import Content, Measure, content_at


def content_with_secrets(secret: str) -> Content:
    """One measure with everything that is not for the public: owner, partners, offers with amounts, notes on software."""
    offer = {"source": secret, "programme": secret, "phase": secret, "amount": "123456.78"}
    internal: dict[str, Any] = {
        "type": "measure",
        "code": "M-1.1.1",
        "title": "Maßnahme",
        "field": "HF-1.1",
        "period": {"text": "2021", "phases": [{"title": secret, "text": secret}], "depends_on": secret},
        "funding": {"text": "offen", "items": [offer]},
        "spatial": {"text": secret, "areas": [secret], "user_group": secret},
        "owner": secret,
        "partners": [{"organisation": secret, "role": secret}],
        "tags": ["personnel"],
        "software": secret,
    }
    others = [item for item in content_at() if not isinstance(item, Measure)]
    return Content([*others, msgspec.convert(internal, Measure)])

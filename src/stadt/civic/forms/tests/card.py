"""A form with steps, rules and sums, for tests: a card for adults and for children."""

from typing import Any

CARD: dict[str, Any] = {
    "key": "card",
    "title": "Ausweis beantragen",
    "en": {"title": "Apply for a card"},
    "steps": [
        {
            "key": "person",
            "title": "Zur Person",
            "fields": [
                {"key": "name", "kind": "person", "title": "Ihr Name", "required": True, "prefill": "user.name"},
                {
                    "key": "born",
                    "kind": "date",
                    "title": "Geburtsdatum",
                    "required": True,
                    "maximum": "today()",
                    "plain": "Wann sind Sie geboren?",
                    "en": {"title": "Date of birth"},
                },
                {"key": "email", "kind": "email", "title": "E-Mail", "prefill": "user.email"},
            ],
        },
        {
            "key": "guardian",
            "title": "Eltern",
            "visible": "age(born, '2026-11-29') < 18",
            "fields": [
                {"key": "parent", "kind": "person", "title": "Mutter, Vater oder Vormund", "required": True},
                {"key": "agrees", "kind": "consent", "title": "Die Eltern stimmen zu", "required": True},
            ],
        },
        {
            "key": "card",
            "title": "Der Ausweis",
            "fields": [
                {
                    "key": "kind",
                    "kind": "choice",
                    "title": "Welcher?",
                    "required": True,
                    "choices": [
                        {"value": "year", "title": "Für ein Jahr"},
                        {"value": "day", "title": "Für einen Tag"},
                        {"value": "lost", "title": "Verloren", "disables": "Bitte rufen Sie an."},
                    ],
                },
                {"key": "days", "kind": "number", "title": "Tage", "visible": "kind == 'day'", "minimum": 1, "maximum": 9,
                 "required": True},
                {"key": "fee", "kind": "amount", "title": "Gebühr",
                 "computed": "age(born, '2026-11-29') < 18 ? 0.0 : kind == 'year' ? 25.5 : 3.0"},
            ],
        },
    ],
}  # fmt: skip
ADULT = {
    "name": {"given_name": "Ada", "family_name": "Beispiel"},
    "born": "1990-05-17",
    "kind": "year",
}
CHILD = {
    **ADULT,
    "born": "2015-05-17",
    "parent": {"given_name": "Eva", "family_name": "Beispiel"},
    "agrees": True,
}

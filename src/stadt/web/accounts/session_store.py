"""Django's sessions in the database, asked only for keys that can be one."""

import re

from django.contrib.sessions.backends import db

# What Django itself makes. A cookie can hold any sign by its octal number, also NUL, which PostgreSQL refuses with an error.
KEY = re.compile(r"[a-z0-9]{32}")


class SessionStore(db.SessionStore):
    """`SESSION_ENGINE`: a cookie that is no key is as good as none."""

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and KEY.fullmatch(key))

"""What needs a person now: the watched checks as they were answered last, and what this process sees by itself.

The checks of database, disks and worker are seen live, because nobody asks them when the worker is dead.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language, gettext

from stadt.apps.operations.checks import LIVE, words
from stadt.apps.operations.models import CheckState
from stadt.apps.operations.watching import EVERY
from stadt.core import condition
from stadt.core.condition import Condition, Level
from stadt.core.manifest import Check, Severity
from stadt.core.once import once_a_page
from stadt.core.registry import registry

# The job is late when it has left out two turns.
STALE_AFTER = 3 * EVERY
SEVERITY = {Level.WARNING: Severity.WARNING, Level.FAILED: Severity.DANGER}


@dataclass(frozen=True, slots=True)
class Finding:
    """A check with its answer. `said` is what is wrong and what to do, empty while all is well."""

    key: str
    title: str
    severity: Severity
    said: str = ""
    since: datetime | None = None
    checked_at: datetime | None = None
    silenced_until: datetime | None = None
    silenced_at: datetime | None = None

    @property
    def is_bad(self) -> bool:
        """True when somebody has to do something."""
        return bool(self.said)

    @property
    def is_silent(self) -> bool:
        """True while somebody has seen it; what turned bad anew since then is loud again."""
        if self.silenced_until is None or self.silenced_at is None or self.silenced_until <= timezone.now():
            return False
        return self.since is None or self.since <= self.silenced_at

    @property
    def is_loud(self) -> bool:
        """True when it is bad and nobody has seen it yet."""
        return self.is_bad and not self.is_silent


@once_a_page
def all_findings() -> tuple[Finding, ...]:
    """Every watched check: the bad ones first, the worst of them first. One query."""
    states = {state.key: state for state in CheckState.objects.all()}
    seen = _seen_live()
    found = [_finding(check, states.get(check.key), seen) for check in registry.watched_checks]
    return tuple(sorted(found, key=lambda one: (not one.is_bad, one.severity is not Severity.DANGER)))


def bad_findings() -> tuple[Finding, ...]:
    """What is wrong now."""
    return tuple(one for one in all_findings() if one.is_bad)


def loud_findings() -> tuple[Finding, ...]:
    """What is wrong and belongs into the banner."""
    return tuple(one for one in all_findings() if one.is_loud)


def sentence(found: tuple[Finding, ...]) -> str:
    """What is wrong in one sentence."""
    if len(found) == 1:
        return f"{found[0].title}: {found[0].said}"
    titles = ", ".join(one.title for one in found[:4]) + (", …" if len(found) > 4 else "")
    return gettext("%(count)d Dinge brauchen Aufmerksamkeit: %(titles)s.") % {
        "count": len(found),
        "titles": titles,
    }


def newest_check() -> datetime | None:
    """When the job asked last, None before its first time."""
    return max((one.checked_at for one in all_findings() if one.checked_at), default=None)


def are_stale() -> bool:
    """True when the job that asks has not asked for a quarter of an hour."""
    newest = newest_check()
    return newest is not None and timezone.now() - newest > STALE_AFTER


def _seen_live() -> Mapping[str, Condition]:
    """The worst condition of each kind, by the key of its check."""
    seen: dict[str, Condition] = {}
    for one in condition.conditions():
        kind = one.key.split(".")[0]
        if kind not in seen or seen[kind].level is Level.OK or one.level is Level.FAILED:
            seen[kind] = one
    return {key: seen[kind] for key, kind in LIVE.items() if kind in seen}


def _finding(check: Check, state: CheckState | None, seen: Mapping[str, Condition]) -> Finding:
    silence = (state.silenced_until, state.silenced_at) if state else (None, None)
    title = gettext(check.title)
    live = seen.get(check.key)
    if live is not None:
        is_ok = live.level is Level.OK
        since = live.since
        if state is not None and state.is_bad and not is_ok:
            since = min(since, state.since)  # another process may have seen it earlier
        return Finding(
            check.key,
            title,
            check.severity if is_ok else SEVERITY[live.level],
            "" if is_ok else words(live),
            since,
            timezone.now(),
            *silence,
        )
    if state is None:
        return Finding(check.key, title, check.severity)
    language = (get_language() or "de")[:2]
    said = state.told.get(language) or state.told.get("de", "") if state.is_bad else ""
    return Finding(check.key, title, check.severity, said, state.since, state.checked_at, *silence)

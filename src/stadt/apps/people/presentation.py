"""How rights, times and people are said on the pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from stadt.core.manifest import Permission
from stadt.core.people.models import Membership, User
from stadt.core.registry import registry
from stadt.web.formats import day, moment
from stadt.web.maps import State
from stadt.web.tables import CellKind, LinkCell, StateCell, TableColumn

BERLIN = ZoneInfo("Europe/Berlin")
SHOWN_ROLES = 2


@dataclass(frozen=True, slots=True)
class Area:
    """The permissions of one app, under its title."""

    key: str
    title: str
    permissions: tuple[Permission, ...]


def areas() -> list[Area]:
    """All permissions by the app that declares them."""
    return [
        Area(app.label, gettext(app.title), app.manifest.permissions)
        for app in registry.apps.values()
        if app.manifest.permissions
    ]


def sections(current: str) -> list[tuple[str, str, bool]]:
    """The navigation inside these pages."""
    titles = {
        "people:persons": gettext("Menschen"),
        "people:organisations": gettext("Organisationen"),
        "people:roles": gettext("Rollen"),
        "people:invitations": gettext("Einladungen"),
    }
    return [(title, reverse(name), name == current) for name, title in titles.items()]


def begin_of(day_named: date) -> datetime:
    """The first moment of a local day."""
    return datetime.combine(day_named, time.min, BERLIN).astimezone(UTC)


def end_after(last_day: date) -> datetime:
    """The first moment after a local day, on which something counts for the last time."""
    return begin_of(last_day + timedelta(days=1))


def last_day(until: datetime | None) -> str:
    """The last day on which something counts, or that it has no end."""
    return day(until - timedelta(microseconds=1)) if until else gettext("ohne Ende")


def person_rows(
    people: Iterable[User], having_factor: frozenset[int]
) -> tuple[list[TableColumn], list[dict[str, object]]]:
    """The list of people as a table."""
    columns = [
        TableColumn("name", gettext("Name")),
        TableColumn("email", gettext("E-Mail-Adresse")),
        TableColumn("roles", gettext("Rollen")),
        TableColumn("last_login", gettext("zuletzt angemeldet"), CellKind.DATE),
        TableColumn("factor", gettext("zweiter Faktor")),
        TableColumn("state", gettext("Konto")),
    ]
    rows: list[dict[str, object]] = [
        {
            "name": LinkCell(str(user), reverse("people:person", args=[user.pk])),
            "email": user.email,
            "roles": roles_in_words(getattr(user, "shown_roles", ())),
            "last_login": user.last_login,
            "factor": gettext("ja") if user.pk in having_factor else gettext("nein"),
            "state": account_state(user),
        }
        for user in people
    ]
    return columns, rows


def roles_in_words(held: Iterable[Membership]) -> str:
    """The first roles with their organisations, and how many more there are."""
    said = [f"{one.role.title}, {one.organisation.name}" for one in held]
    more = len(said) - SHOWN_ROLES
    text = "; ".join(said[:SHOWN_ROLES])
    if more > 0:
        text += " " + ngettext("und %(count)d weitere", "und %(count)d weitere", more) % {"count": more}
    return text


def account_state(user: User) -> StateCell:
    """Whether the account is in use."""
    if user.is_active:
        return StateCell(gettext("in Gebrauch"), State.SUCCESS)
    return StateCell(gettext("stillgelegt"), State.NEUTRAL)


def person_facts(user: User, sessions: int, *, has_factor: bool) -> list[tuple[str, object]]:
    """What a person's page says at the top."""
    return [
        (gettext("E-Mail-Adresse"), user.email),
        (gettext("Konto"), account_state(user)),
        (gettext("Konto seit"), day(user.joined_at)),
        (gettext("zuletzt angemeldet"), moment(user.last_login) if user.last_login else gettext("noch nie")),
        (gettext("zweiter Faktor"), gettext("eingerichtet") if has_factor else gettext("keiner")),
        (gettext("offene Sitzungen"), str(sessions)),
    ]


def last_second(day_named: date) -> datetime:
    """The last second of a local day."""
    return datetime.combine(day_named, time(23, 59, 59), BERLIN).astimezone(UTC)

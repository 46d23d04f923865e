"""Who acts: a person, a machine with a token, the system itself, or somebody unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from django.utils.translation import gettext

from stadt.core.errors import Forbidden, SecondFactorNeeded, SignInNeeded
from stadt.core.manifest import Permission
from stadt.core.people.grants import ALL, Grants, find_grants
from stadt.core.people.models import ApiToken, User
from stadt.core.people.tree import ids_below

__all__ = ["ALL", "Actor"]

NOBODY: Mapping[str, Mapping[int, frozenset[int]]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks for something, with the permissions held.

    Attributes:
        kind: `user`, `token`, `system` or `anonymous`.
        identifier: id of the user or token, or the system's part (`job:waste.predict`, `command:demo`).
        grants: permission key (or `*`) → ids of the organisations in which it is held.
        represented: permission key → organisation → ids of the people as whose deputy alone it is held there.
        on_behalf_of: ids of the people whose permissions were used so far; the audit keeps them.
        subject: what a token is narrowed to, such as `source:rathaus`; empty for everything.
        origin: where the request came from (request id), kept in the audit.
        organisation_id: the organisation a token belongs to.
        lacks_second_factor: the person's permissions rest until a second factor is shown; `grants` is empty meanwhile.
    """

    kind: str
    identifier: str = ""
    grants: Grants = field(default_factory=lambda: MappingProxyType({}))
    subject: str = ""
    origin: str = ""
    organisation_id: int | None = None
    lacks_second_factor: bool = False
    represented: Mapping[str, Mapping[int, frozenset[int]]] = field(default_factory=lambda: NOBODY)
    on_behalf_of: set[int] = field(default_factory=set, compare=False)

    @property
    def user_id(self) -> int | None:
        """Id of the person acting, None for machines and strangers."""
        return int(self.identifier) if self.kind == "user" else None

    @property
    def is_known(self) -> bool:
        return self.kind != "anonymous"

    def can(self, permission: Permission, organisation_id: int | None = None) -> bool:
        """Whether the permission is held: in that organisation, or anywhere when none is named."""
        if self.kind == "system":
            return True
        held = self.grants.get(permission.key, frozenset()) | self.grants.get(ALL, frozenset())
        return bool(held) if organisation_id is None else organisation_id in held

    def can_give(self, key: str, organisation_id: int) -> bool:
        """Whether the permission (or `*`) is held there by own right, so that it may be given to somebody."""
        if self.kind == "system" or organisation_id in self.grants.get(ALL, frozenset()):
            return True
        held = organisation_id in self.grants.get(key, frozenset())
        return held and organisation_id not in self.represented.get(key, {})

    def require(self, permission: Permission, organisation_id: int | None = None) -> None:
        """Raises SignInNeeded or Forbidden unless the permission is held."""
        if self.can(permission, organisation_id):
            self._note_whose(permission.key, organisation_id)
            return
        if not self.is_known:
            raise SignInNeeded(gettext("Bitte melden Sie sich an."))
        if self.lacks_second_factor:
            raise SecondFactorNeeded(gettext("Dafür brauchen Sie einen zweiten Faktor."))
        needed = {"title": gettext(permission.title), "key": permission.key}
        raise Forbidden(gettext("Dafür fehlt Ihnen das Recht „%(title)s“ (%(key)s).") % needed)

    def _note_whose(self, key: str, organisation_id: int | None) -> None:
        others = self.represented.get(key)
        if not others:
            return
        own = (self.grants.get(key, frozenset()) - others.keys()) | self.grants.get(ALL, frozenset())
        if organisation_id is None and not own:
            self.on_behalf_of.update(*others.values())
        elif organisation_id is not None and organisation_id not in own:
            self.on_behalf_of.update(others.get(organisation_id, ()))

    def coming_from(self, origin: str) -> Self:
        """The same actor in another request; `dataclasses.replace` would cost a twentieth of a single post."""
        return type(self)(
            self.kind,
            self.identifier,
            self.grants,
            self.subject,
            origin,
            self.organisation_id,
            self.lacks_second_factor,
            self.represented,
        )

    @classmethod
    def system(cls, part: str) -> Self:
        """The platform acting by itself: a job, a command, the demo."""
        return cls(kind="system", identifier=part)

    @classmethod
    def anonymous(cls) -> Self:
        return cls(kind="anonymous")

    @classmethod
    def for_user(cls, user: User, origin: str = "") -> Self:
        """The person with all permissions of all roles held now, and of those represented now. One query."""
        own, represented = find_grants(user.pk)
        return cls(kind="user", identifier=str(user.pk), grants=own, represented=represented, origin=origin)

    @classmethod
    def for_token(
        cls, token: ApiToken, origin: str = "", organisations: frozenset[int] | None = None
    ) -> Self:
        """The machine that holds a token; the scopes are its permissions in the token's organisation and below.

        `organisations` are their ids when the caller knows them already; else one query finds them. A token of no
        organisation has its scopes in none, which is written as 0.
        """
        if token.organisation_id is None:
            organisations = frozenset({0})
        elif organisations is None:
            organisations = ids_below([token.organisation_id])
        return cls(
            kind="token",
            identifier=str(token.pk),
            grants=dict.fromkeys(token.scopes, organisations),
            subject=token.subject,
            origin=origin,
            organisation_id=token.organisation_id,
        )

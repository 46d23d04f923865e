"""Who acts: a person, a machine with a token, the system itself, or somebody unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from django.utils.translation import gettext

from stadt.core.errors import Forbidden, SecondFactorNeeded, SignInNeeded
from stadt.core.manifest import Permission
from stadt.core.people.models import ApiToken, Membership, User

ALL = "*"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks for something, with the permissions held.

    Attributes:
        kind: `user`, `token`, `system` or `anonymous`.
        identifier: id of the user or token, or the system's part (`job:waste.predict`, `command:demo`).
        grants: permission key (or `*`) → ids of the organisations in which it is held.
        subject: what a token is narrowed to, such as `source:rathaus`; empty for everything.
        origin: where the request came from (request id), kept in the audit.
        organisation_id: the organisation a token belongs to.
        lacks_second_factor: the person's permissions rest until a second factor is shown; `grants` is empty meanwhile.
    """

    kind: str
    identifier: str = ""
    grants: Mapping[str, frozenset[int]] = field(default_factory=lambda: MappingProxyType({}))
    subject: str = ""
    origin: str = ""
    organisation_id: int | None = None
    lacks_second_factor: bool = False

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

    def require(self, permission: Permission, organisation_id: int | None = None) -> None:
        """Raises SignInNeeded or Forbidden unless the permission is held."""
        if self.can(permission, organisation_id):
            return
        if not self.is_known:
            raise SignInNeeded(gettext("Bitte melden Sie sich an."))
        if self.lacks_second_factor:
            raise SecondFactorNeeded(gettext("Dafür brauchen Sie einen zweiten Faktor."))
        needed = {"title": gettext(permission.title), "key": permission.key}
        raise Forbidden(gettext("Dafür fehlt Ihnen das Recht „%(title)s“ (%(key)s).") % needed)

    @classmethod
    def system(cls, part: str) -> Self:
        """The platform acting by itself: a job, a command, the demo."""
        return cls(kind="system", identifier=part)

    @classmethod
    def anonymous(cls) -> Self:
        return cls(kind="anonymous")

    @classmethod
    def for_user(cls, user: User, origin: str = "") -> Self:
        """The person with all permissions of all roles held. One query."""
        grants: dict[str, set[int]] = {}
        held = Membership.objects.filter(user=user).values_list("organisation_id", "role__permissions")
        for organisation_id, permissions in held:
            for key in permissions:
                grants.setdefault(key, set()).add(organisation_id)
        return cls(
            kind="user",
            identifier=str(user.pk),
            grants={key: frozenset(ids) for key, ids in grants.items()},
            origin=origin,
        )

    @classmethod
    def for_token(cls, token: ApiToken, origin: str = "") -> Self:
        """The machine that holds a token; the scopes are its permissions in the token's organisation."""
        organisations = frozenset({token.organisation_id}) if token.organisation_id else frozenset({0})
        return cls(
            kind="token",
            identifier=str(token.pk),
            grants=dict.fromkeys(token.scopes, organisations),
            subject=token.subject,
            origin=origin,
            organisation_id=token.organisation_id,
        )

"""Every write about people: accounts, organisations, roles, memberships, deputies, invitations."""

from stadt.core.people.reach import MANAGE_PEOPLE
from stadt.core.people.services.accounts import (
    ADMINISTRATOR,
    Deactivation,
    deactivate_account,
    reactivate_account,
    require_administrator_left,
)
from stadt.core.people.services.deputies import end_deputyship, name_deputy
from stadt.core.people.services.foundations import create_administrator, ensure_foundations
from stadt.core.people.services.invitations import (
    accept_invitation,
    find_invitation,
    forget_invitations,
    invite,
    renew_invitation,
    revoke_invitation,
)
from stadt.core.people.services.memberships import end_role, grant_role
from stadt.core.people.services.organisations import (
    create_organisation,
    move_organisation,
    remove_organisation,
    rename_organisation,
)
from stadt.core.people.services.roles import change_role, create_role, remove_role

__all__ = [
    "ADMINISTRATOR",
    "MANAGE_PEOPLE",
    "Deactivation",
    "accept_invitation",
    "change_role",
    "create_administrator",
    "create_organisation",
    "create_role",
    "deactivate_account",
    "end_deputyship",
    "end_role",
    "ensure_foundations",
    "find_invitation",
    "forget_invitations",
    "grant_role",
    "invite",
    "move_organisation",
    "name_deputy",
    "reactivate_account",
    "remove_organisation",
    "remove_role",
    "rename_organisation",
    "renew_invitation",
    "require_administrator_left",
    "revoke_invitation",
]

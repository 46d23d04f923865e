"""What the pages about people plug in."""

from django.utils.translation import gettext_noop as _

from stadt.apps.people import account
from stadt.apps.people.views import deputies, invitations, organisations, persons, roles, tokens
from stadt.core.manifest import ACCOUNT, EVERYBODY, LINK, Manifest, Menu, Page, Panel
from stadt.core.people.reach import MANAGE_PEOPLE as PEOPLE
from stadt.core.tokens import MANAGE_TOKENS as TOKENS

MANIFEST = Manifest(
    pages=(
        Page(
            "persons", "betrieb/personen/", persons.list_persons, _("Menschen und Rechte"), Menu.OPERATIONS,
            permission=PEOPLE, order=200,
        ),
        Page("person", "betrieb/personen/<int:pk>/", persons.show_person, permission=PEOPLE),
        Page("role_grant", "betrieb/personen/<int:pk>/rolle/", persons.give_role, permission=PEOPLE),
        Page("role_end", "betrieb/personen/<int:pk>/rolle/<int:membership_id>/beenden/", persons.end_role,
             permission=PEOPLE),
        Page("deactivate", "betrieb/personen/<int:pk>/stilllegen/", persons.deactivate, permission=PEOPLE),
        Page("reactivate", "betrieb/personen/<int:pk>/aktivieren/", persons.reactivate, permission=PEOPLE),
        Page("deputy_name", "betrieb/personen/<int:pk>/vertretung/", persons.name_deputy, permission=PEOPLE),
        Page("deputy_end", "betrieb/personen/<int:pk>/vertretung/<int:deputyship_id>/beenden/", persons.end_deputy,
             permission=PEOPLE),
        Page("organisations", "betrieb/organisationen/", organisations.list_organisations, _("Organisationen"),
             permission=PEOPLE),
        Page("organisation", "betrieb/organisationen/<slug:key>/", organisations.show_organisation, permission=PEOPLE),
        Page("roles", "betrieb/rollen/", roles.list_roles, _("Rollen"), permission=PEOPLE),
        Page("role_new", "betrieb/rollen/neu/", roles.new_role, permission=PEOPLE),
        Page("role", "betrieb/rollen/<slug:key>/", roles.show_role, permission=PEOPLE),
        Page("invitations", "betrieb/einladungen/", invitations.list_invitations, _("Einladungen"), permission=PEOPLE),
        Page("invitation_renew", "betrieb/einladungen/<int:pk>/erneuern/", invitations.renew, permission=PEOPLE),
        Page("invitation_revoke", "betrieb/einladungen/<int:pk>/widerrufen/", invitations.revoke, permission=PEOPLE),
        Page("tokens", "betrieb/token/", tokens.list_tokens, _("Zugangstoken"), Menu.OPERATIONS,
             permission=TOKENS, order=210),
        Page("token_new", "betrieb/token/neu/", tokens.new_token, permission=TOKENS),
        Page("token_revoke", "betrieb/token/<int:pk>/widerrufen/", tokens.revoke, permission=TOKENS),
        Page("deputies", "konto/vertretung/", deputies.own_deputies, _("Vertretung"), permission=ACCOUNT),
        Page("own_deputy_end", "konto/vertretung/<int:deputyship_id>/beenden/", deputies.end_own, permission=ACCOUNT),
        Page("invitation", "einladung/", invitations.show_invitation, _("Einladung"), permission=EVERYBODY),
        Page("invitation_link", "einladung/<str:secret>/", invitations.open_link, permission=LINK),
    ),
    panels=(
        Panel("account.overview", "people/own_roles.html", account.own_roles, order=10),
        Panel("account.doors", "people/deputy_door.html", account.deputy_door, order=10),
    ),
)  # fmt: skip

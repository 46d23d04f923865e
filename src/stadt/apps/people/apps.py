"""Identity of the pages about people and their rights."""

from stadt.core.application import Application


class People(Application):
    """Accounts, organisations, roles, invitations, deputies and tokens, for those who administer them."""

    name = "stadt.apps.people"
    label = "people"
    title = "Menschen und Rechte"

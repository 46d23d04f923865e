"""What the surface plugs in: its own pages, the static files and a question for the doctor."""

from functools import partial

from django.utils.translation import gettext_noop

from stadt.core.manifest import Check, Listener, Manifest, Menu, Mount, Page
from stadt.core.people.events import SecondFactorReset
from stadt.core.people.factors import MANAGE_SIGN_IN
from stadt.web import assets, static_files, views
from stadt.web.accounts import mails
from stadt.web.accounts.views import policy, sessions

MANIFEST = Manifest(
    pages=(
        Page("search", path="suche", view=views.search, title=gettext_noop("Suche")),
        *(
            Page(name, path=f"{name}/", view=partial(views.city_text, name=name), title=title)
            for name, title in views.CITY_TEXTS.items()
        ),
        Page("account", path="konto/", view=views.account, title=gettext_noop("Mein Konto")),
        Page(
            "sessions", path="konto/sitzungen/", view=sessions.show_sessions, title=gettext_noop("Sitzungen")
        ),
        Page(
            "sign_in_policy",
            path="betrieb/anmeldung/",
            view=policy.show_policy,
            title=gettext_noop("Anmeldung"),
            menu=Menu.OPERATIONS,
            permission=MANAGE_SIGN_IN,
            order=300,
        ),
        Page(
            "mailbox",
            path="demo/postfach/",
            view=views.mailbox_page,
            title=gettext_noop("Postfach der Vorführung"),
        ),
        Page("mailbox_message", path="demo/postfach/<int:pk>/", view=views.mailbox_message),
        Page("outlines", path="umrisse.geojson", view=views.outlines),
        Page(
            "styleguide",
            path="styleguide/",
            view=views.styleguide_page,
            title=gettext_noop("Bausteine der Oberfläche"),
        ),
    ),
    mounts=(Mount(assets.STATIC_URL, static_files.handle_static),),
    listens=(Listener(SecondFactorReset, mails.tell_second_factor_reset, durable=True),),
    doctor=(Check("web.assets", "Oberfläche gebaut", assets.missing_assets),),
)

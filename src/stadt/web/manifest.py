"""What the surface plugs in: its own pages, the static files and a question for the doctor."""

from functools import partial

from django.utils.translation import gettext_noop

from stadt.core.manifest import (
    ACCOUNT,
    EVERYBODY,
    LINK,
    Check,
    Listener,
    Manifest,
    Menu,
    Mount,
    Page,
    Privacy,
)
from stadt.core.people.events import SecondFactorReset
from stadt.core.people.rights import ANSWER_FOR_PERSONS, MANAGE_SIGN_IN
from stadt.web import assets, privacy, static_files, views
from stadt.web.accounts import mails
from stadt.web.accounts.views import own_data, persons, policy, sessions, setup

MANIFEST = Manifest(
    pages=(
        Page("search", path="suche", view=views.search, title=gettext_noop("Suche"), permission=EVERYBODY),
        *(
            Page(
                name,
                path=f"{name}/",
                view=partial(views.city_text, name=name),
                title=title,
                permission=EVERYBODY,
            )
            for name, title in views.CITY_TEXTS.items()
        ),
        Page(
            "account", path="konto/", view=views.account, title=gettext_noop("Mein Konto"), permission=ACCOUNT
        ),
        Page(
            "sessions",
            path="konto/sitzungen/",
            view=sessions.show_sessions,
            title=gettext_noop("Sitzungen"),
            permission=ACCOUNT,
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
            "own_data",
            path="konto/daten/",
            view=own_data.show_own_data,
            title=gettext_noop("Meine Daten"),
            permission=ACCOUNT,
        ),
        Page("own_data_file", path="konto/daten.json", view=own_data.download_own_data, permission=ACCOUNT),
        Page(
            "erase_account",
            path="konto/loeschen/",
            view=own_data.erase_account,
            title=gettext_noop("Konto löschen"),
            permission=ACCOUNT,
        ),
        Page(
            "find_person",
            path="betrieb/personendaten/",
            view=persons.find_person,
            title=gettext_noop("Auskunft und Löschung"),
            menu=Menu.OPERATIONS,
            permission=ANSWER_FOR_PERSONS,
            order=310,
        ),
        Page(
            "person",
            path="betrieb/personendaten/<int:pk>/",
            view=persons.show_person,
            permission=ANSWER_FOR_PERSONS,
        ),
        Page(
            "person_file",
            path="betrieb/personendaten/<int:pk>/daten.json",
            view=persons.download_person,
            permission=ANSWER_FOR_PERSONS,
        ),
        Page("setup_link", path="einrichten/<str:token>/", view=setup.open_link, permission=LINK),
        Page("setup", path="einrichten/", view=setup.set_up_city, permission=LINK),
        Page(
            "mailbox",
            path="demo/postfach/",
            view=views.mailbox_page,
            title=gettext_noop("Postfach der Vorführung"),
            permission=EVERYBODY,
        ),
        Page(
            "mailbox_message",
            path="demo/postfach/<int:pk>/",
            view=views.mailbox_message,
            permission=EVERYBODY,
        ),
        Page("outlines", path="umrisse.geojson", view=views.outlines, permission=EVERYBODY),
        Page(
            "styleguide",
            path="styleguide/",
            view=views.styleguide_page,
            title=gettext_noop("Bausteine der Oberfläche"),
            permission=EVERYBODY,
        ),
    ),
    mounts=(Mount(assets.STATIC_URL, static_files.handle_static, reading=EVERYBODY, writing=None),),
    privacy=Privacy(privacy.export, privacy.erase, privacy.WORDS),
    listens=(Listener(SecondFactorReset, mails.tell_second_factor_reset, durable=True),),
    doctor=(Check("web.assets", "Oberfläche gebaut", assets.missing_assets),),
)

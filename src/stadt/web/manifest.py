"""What the surface plugs in: its own pages, the static files and a question for the doctor."""

from functools import partial

from django.utils.translation import gettext_noop

from stadt.core.manifest import Check, Manifest, Mount, Page
from stadt.web import assets, static_files, views

MANIFEST = Manifest(
    pages=(
        Page("search", path="suche", view=views.search, title=gettext_noop("Suche")),
        *(
            Page(name, path=f"{name}/", view=partial(views.city_text, name=name), title=title)
            for name, title in views.CITY_TEXTS.items()
        ),
        Page("account", path="konto/", view=views.account, title=gettext_noop("Mein Konto")),
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
    doctor=(Check("web.assets", "Oberfläche gebaut", assets.missing_assets),),
)

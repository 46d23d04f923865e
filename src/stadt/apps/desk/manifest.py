"""What the back office plugs in."""

from django.utils.translation import gettext_noop as _

from stadt.apps.desk import demo
from stadt.apps.desk.roles import install_roles
from stadt.apps.desk.verbs import VERBS
from stadt.apps.desk.views import (
    case,
    changes,
    exports,
    figures,
    inbox,
    kinds,
    many,
    merging,
    moves,
    orders,
    people,
    photos,
)
from stadt.civic.cases.rights import BULK, EXPORT, HANDLE, MANAGE, READ, REDACT, SEE_CONTACT, WORK
from stadt.core.manifest import Demo, Manifest, Menu, Page

MANIFEST = Manifest(
    path="vorgaenge",
    takes_files=True,
    pages=(
        Page("inbox", "", inbox.show_inbox, _("Eingang"), Menu.OPERATIONS, permission=READ, order=10),
        Page("round", "auftraege/", orders.show_round, _("Aufträge"), Menu.OPERATIONS, permission=WORK, order=15),
        Page("tour", "runde/", orders.show_tour, permission=READ),
        Page("order", "auftraege/<str:reference>/", orders.show_order, permission=WORK),
        Page("figures", "auslastung/", figures.show_figures, _("Auslastung und Qualität"), Menu.OPERATIONS,
             permission=READ, order=20),
        Page("kinds", "arten/", kinds.show_kinds, permission=READ),
        Page("kinds_renew", "arten/erneuern/", kinds.renew_kind, permission=MANAGE),
        Page("keep_filter", "filter/", inbox.keep_filter, permission=READ),
        Page("forget_filter", "filter/<int:pk>/loeschen/", inbox.forget_filter, permission=READ),
        Page("bulk", "sammeln/", many.change_many, permission=BULK),
        Page("export", "download/<str:form>/", exports.export, permission=EXPORT),
        Page("case", "<str:reference>/", case.show_case, permission=READ),
        Page("print", "<str:reference>/drucken/", case.print_case, permission=READ),
        Page("contact", "<str:reference>/kontakt/", case.show_contact, permission=SEE_CONTACT),
        Page("party", "<str:reference>/kontakt/<int:pk>/", people.edit_party, permission=SEE_CONTACT),
        Page("take_over", "<str:reference>/uebernehmen/", case.take_over, permission=HANDLE),
        Page("set_task", "<str:reference>/aufgaben/<str:key>/", case.set_task, permission=HANDLE),
        Page("move", "<str:reference>/schritt/<str:move>/", moves.do_move, permission=READ),
        Page("change", "<str:reference>/aendern/<str:what>/", changes.change, permission=READ),
        Page("merge", "<str:reference>/zusammenfuehren/", merging.merge, permission=MANAGE),
        Page("photo", "<str:reference>/fotos/<int:pk>/", photos.edit_photo, permission=REDACT),
    ),
    verbs=VERBS,
    foundation=install_roles,
    demo=Demo(demo.fill, demo.clear, order=90),
)  # fmt: skip

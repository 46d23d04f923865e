"""What the publisher's workshop plugs in."""

from django.utils.translation import gettext_noop as _

from stadt.apps.publishing import api, demo
from stadt.apps.publishing.gate import LARGEST_BODY, SECONDS, let_through
from stadt.apps.publishing.views import card, dataset, delivery, overview, review, upload
from stadt.core.doors import Door
from stadt.core.manifest import Demo, Manifest, Menu, Mount, Page, Router
from stadt.hub.datasets.rights import APPROVE, KEEP

UPLOAD = "hochladen/"

MANIFEST = Manifest(
    path="daten/werkstatt",
    pages=(
        Page("mine", "", overview.show_mine, _("Meine Datensätze"), Menu.DATA, permission=KEEP, order=80),
        Page("upload", UPLOAD, upload.upload_new, permission=KEEP),
        Page("upload_next", f"{UPLOAD}<str:key>/", upload.upload_next, permission=KEEP),
        Page("link", "verweis/", upload.new_link, permission=KEEP),
        Page(
            "reviews",
            "freigaben/",
            overview.show_reviews,
            _("Freigaben"),
            Menu.DATA,
            permission=APPROVE,
            order=90,
        ),
        Page("review", "freigaben/<str:key>/", review.show_review, permission=APPROVE),
        Page("dataset", "<str:key>/", dataset.show_dataset, permission=KEEP),
        Page("delivery", "<str:key>/lieferungen/<int:number>/", delivery.show_delivery, permission=KEEP),
        Page("card", "<str:key>/angaben/", card.edit_card, permission=KEEP),
        Page("check", "<str:key>/pruefen/", dataset.check, permission=KEEP),
        Page("withdraw", "<str:key>/zurueckziehen/", dataset.withdraw, permission=KEEP),
        Page("take_back", "<str:key>/zurueckholen/", dataset.take_back, permission=KEEP),
        Page("delete", "<str:key>/loeschen/", dataset.delete, permission=KEEP),
    ),
    mounts=(
        Mount(
            f"/daten/werkstatt/{UPLOAD}",
            let_through,
            reading=KEEP,
            writing=KEEP,
            body_seconds=SECONDS,
            body_bytes=LARGEST_BODY,
        ),
        Mount(
            "/api/v1/publishing/",
            let_through,
            reading=KEEP,
            writing=KEEP,
            door=Door.API,
            body_seconds=SECONDS,
            body_bytes=LARGEST_BODY,
        ),
    ),
    routers=(Router("publishing", api.load_router, reading=KEEP, writing=KEEP),),
    demo=Demo(demo.fill, demo.clear, order=80),
)

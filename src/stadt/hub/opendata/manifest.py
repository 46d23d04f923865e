"""What the open-data interfaces plug in."""

from datetime import timedelta
from functools import partial

from django.utils.translation import gettext_noop as _

from stadt.core.lifespan import at_web_process
from stadt.core.manifest import EVERYBODY, Check, Job, Listener, Manifest, Page, Router, Verb
from stadt.hub.datasets.events import DatasetChanged, DatasetWithdrawn, SnapshotPublished
from stadt.hub.opendata import city, services, views
from stadt.hub.opendata.ckan import dumping
from stadt.hub.opendata.ckan import views as ckan
from stadt.hub.opendata.index import lag, listeners, synonyms
from stadt.hub.opendata.quality import api
from stadt.hub.opendata.rendering import FORMS

at_web_process(start=listeners.start, stop=listeners.stop)

MANIFEST = Manifest(
    pages=(
        Page("catalog", "catalog", views.show_catalogue, permission=EVERYBODY),
        *(
            Page(
                f"catalog-{form.suffix[1:]}",
                f"catalog{form.suffix}",
                partial(views.show_catalogue, suffix=form.suffix),
                permission=EVERYBODY,
            )
            for form in FORMS
        ),
        *(
            Page(
                f"record-{form.suffix[1:]}",
                f"dataset/<str:key>{form.suffix}",
                partial(views.show_dataset, suffix=form.suffix),
                permission=EVERYBODY,
            )
            for form in FORMS
        ),
        Page("action", "api/action/<str:name>", ckan.act, permission=EVERYBODY),
        Page("action-3", "api/3/action/<str:name>", ckan.act, permission=EVERYBODY),
        Page("dump", "datastore/dump/<str:resource>", dumping.dump, permission=EVERYBODY),
        Page("record", "dataset/<str:key>", views.show_dataset, permission=EVERYBODY),
    ),
    routers=(Router("opendata", api.load, reading=None, writing=EVERYBODY),),
    verbs=(
        Verb("list_dataset", _("Datensatz in den Katalog aufgenommen")),
        Verb("withdraw_dataset", _("Datensatz aus dem Katalog zurückgezogen")),
    ),
    jobs=(Job("opendata.remember_listings", run=services.remember_listings, every=timedelta(minutes=10)),),
    listens=(
        Listener(SnapshotPublished, listeners.follow_snapshot),
        Listener(SnapshotPublished, listeners.follow_snapshot_surely, durable=True),
        Listener(DatasetChanged, listeners.follow_change),
        Listener(DatasetChanged, listeners.follow_change_surely, durable=True),
        Listener(DatasetWithdrawn, listeners.follow_withdrawal),
        Listener(DatasetWithdrawn, listeners.follow_withdrawal_surely, durable=True),
    ),
    checks=(city.problems, synonyms.problems, views.problems),
    doctor=(Check("opendata.index", _("Index des Katalogs"), lag.check),),
)

"""What the waste app plugs in."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from stadt.apps.waste import datasets, demo, indicators, layers, queries, views
from stadt.apps.waste.models import ContainerKind
from stadt.apps.waste.rights import MANAGE
from stadt.apps.waste.services import SITES
from stadt.apps.waste.verbs import SUBJECTS, VERBS
from stadt.core.manifest import (
    EVERYBODY,
    Demo,
    Hit,
    Job,
    Layer,
    Manifest,
    Menu,
    Page,
    Panel,
    SearchSource,
    SpotSource,
)


def search(words: str, limit: int) -> Iterator[Hit]:
    """Containers by place and number."""
    for container in queries.find_by_words(words, limit):
        kind = str(ContainerKind(container.kind).label)
        url = reverse("waste:container", kwargs={"number": container.number})
        yield Hit(container.title, url, f"{container.number} · {kind}", gettext("Abfallbehälter"))


MANIFEST = Manifest(
    path="abfall",
    pages=(
        Page("overview", "", views.overview, _("Abfall"), menu=Menu.CITY, permission=EVERYBODY),
        Page(
            "inventory",
            "verwalten/",
            views.inventory,
            _("Behälter verwalten"),
            Menu.OPERATIONS,
            permission=MANAGE,
        ),
        Page("container_new", "verwalten/neu/", views.new_container, permission=MANAGE),
        Page("container_edit", "verwalten/<slug:number>/", views.edit_container, permission=MANAGE),
        Page("container", "<slug:number>/", views.show_container, permission=EVERYBODY),
    ),
    verbs=VERBS,
    subjects=SUBJECTS,
    permissions=(MANAGE,),
    datasets=(datasets.CONTAINERS,),
    indicators=indicators.ALL,
    layers=(Layer("waste.containers", _("Abfallbehälter"), layers.features, shape="square", order=110),),
    panels=(Panel("home.now", "waste/panel.html", views.panel, order=20),),
    search=(SearchSource("waste.containers", _("Abfallbehälter"), search),),
    spots=(SpotSource(SITES, queries.spots),),
    jobs=(Job("waste.simulate", demo.send_round, every=demo.EVERY),),
    demo=Demo(demo.fill, demo.clear, order=40),
)

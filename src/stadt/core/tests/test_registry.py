"""The registry refuses contradictions with one sentence each."""

from dataclasses import dataclass

import pytest
from django.http import HttpRequest, HttpResponse

from stadt.core.events import Event
from stadt.core.manifest import (
    EVERYBODY,
    Check,
    Hit,
    Job,
    Layer,
    Listener,
    Manifest,
    Menu,
    Mount,
    Page,
    Panel,
    Permission,
    SearchSource,
)
from stadt.core.registry import Registry, RegistryError


@dataclass(frozen=True)
class Thing:
    key: str


@dataclass(frozen=True)
class SomethingHappened(Event):
    thing_id: int


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def nothing(*arguments: object) -> None:
    return None


def registry_with(**manifests: Manifest) -> Registry:
    registry = Registry()
    for label, manifest in manifests.items():
        registry.add(label=label, name=f"test.{label}", title=label, uses=(), manifest=manifest)
    return registry


DOUBLES = [
    Manifest(datasets=(Thing("a.b"),)),
    Manifest(indicators=(Thing("a.b"),)),
    Manifest(permissions=(Permission("a.b", "A"),)),
    Manifest(jobs=(Job("a.b", nothing),)),
    Manifest(layers=(Layer("a.b", "A", list),)),
    Manifest(search=(SearchSource("a.b", "A", lambda words, limit: [Hit("a", "/")]),)),
    Manifest(publishes=(SomethingHappened,)),
    Manifest(mounts=(Mount("/x/", nothing, reading=EVERYBODY, writing=None),)),  # type: ignore[arg-type]
    Manifest(path="x", pages=(Page("p", "", view, permission=EVERYBODY),)),
]


@pytest.mark.parametrize("manifest", DOUBLES, ids=lambda m: next(k for k in m.__slots__ if getattr(m, k)))
def test_a_key_declared_twice_is_refused_naming_both_apps(manifest: Manifest) -> None:
    registry = registry_with(one=manifest, two=manifest)
    with pytest.raises(RegistryError, match=r"doppelt.*one"):
        registry.seal()


def test_an_app_label_taken_by_another_module_is_refused() -> None:
    registry = registry_with(one=Manifest())
    with pytest.raises(RegistryError, match="Zwei Apps"):
        registry.add(label="one", name="elsewhere.one", title="", uses=(), manifest=Manifest())


def test_a_circle_of_uses_is_refused_naming_the_way_round() -> None:
    registry = Registry()
    for label, uses in (("a", ("b",)), ("b", ("c",)), ("c", ("a",))):
        registry.add(label=label, name=label, title="", uses=uses, manifest=Manifest())
    with pytest.raises(RegistryError, match="a → b → c → a"):
        registry.seal()


def test_using_an_app_that_is_not_installed_is_refused() -> None:
    registry = Registry()
    registry.add(label="a", name="a", title="", uses=("ghost",), manifest=Manifest())
    with pytest.raises(RegistryError, match="ghost"):
        registry.seal()


def test_listening_to_an_event_nobody_publishes_is_refused() -> None:
    registry = registry_with(one=Manifest(listens=(Listener(SomethingHappened, nothing),)))
    with pytest.raises(RegistryError, match="SomethingHappened"):
        registry.seal()


def test_a_page_with_an_undeclared_permission_is_refused() -> None:
    registry = registry_with(one=Manifest(pages=(Page("p", "", view, permission=Permission("x.y", "X")),)))
    with pytest.raises(RegistryError, match=r"x\.y"):
        registry.seal()


@pytest.mark.parametrize(
    ("links", "told"),
    [
        ({"indicators": {"K1": ["no.such"]}}, "no.such"),
        ({"indicators": {"K1": "no.such"}}, "Liste"),
        ({"measures": {"M1": {"apps": ["ghost"]}}}, "ghost"),
    ],
)
def test_a_link_of_the_city_to_nothing_is_refused(links: dict[str, object], told: str) -> None:
    with pytest.raises(RegistryError, match=told):
        registry_with(one=Manifest()).seal(links)


def test_a_check_of_an_app_can_refuse_the_start() -> None:
    with pytest.raises(RegistryError, match="nicht so"):
        registry_with(one=Manifest(checks=(lambda: ["nicht so"],))).seal()


def test_panels_come_in_their_order_and_menus_list_their_pages() -> None:
    def panel(order: int) -> Panel:
        return Panel("home.now", f"{order}.html", lambda request: {}, order)

    registry = registry_with(
        one=Manifest(
            path="eins",
            panels=(panel(9),),
            pages=(Page("p", "q", view, menu=Menu.CITY, permission=EVERYBODY),),
        ),
        two=Manifest(panels=(panel(1),)),
    )
    registry.seal()
    assert [p.template for p in registry.panels("home.now")] == ["1.html", "9.html"]
    assert [(p.path, p.url_name) for p in registry.menu(Menu.CITY)] == [("eins/q", "one:p")]


def test_the_page_with_the_lowest_order_is_the_door_of_its_menu() -> None:
    registry = registry_with(
        one=Manifest(pages=(Page("later", "a", view, menu=Menu.DATA, permission=EVERYBODY),)),
        two=Manifest(pages=(Page("door", "b", view, menu=Menu.DATA, order=10, permission=EVERYBODY),)),
    )
    assert [page.page.name for page in registry.menu(Menu.DATA)] == ["door", "later"]


def test_the_doctor_leaves_out_what_is_true_of_a_running_city_only() -> None:
    found = Registry()
    checks = (
        Check("a.asked", "A", lambda: None),
        Check("a.watched", "B", lambda: None, watched=True),
        Check("a.running", "C", lambda: None, watched=True, only_running=True),
    )
    found.add(label="a", name="a", title="", uses=(), manifest=Manifest(doctor=checks))
    assert [check.key for check in found.doctor_checks] == ["a.asked", "a.watched"]
    assert [check.key for check in found.watched_checks] == ["a.watched", "a.running"]

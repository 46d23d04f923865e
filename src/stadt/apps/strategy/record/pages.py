"""The pages of the record: editions and histories for everybody, change requests for those who work on the strategy."""

from django.utils.translation import gettext_noop as _

from stadt.apps.strategy.record.views import adoption, editions, requests
from stadt.apps.strategy.rights import ADOPT, PUBLISH
from stadt.core.manifest import ACCOUNT, EVERYBODY, Menu, Page

PAGES: tuple[Page, ...] = (
    Page(
        "editions",
        "fassungen/",
        editions.editions,
        _("Fassungen"),
        Menu.STRATEGY,
        permission=EVERYBODY,
        order=110,
    ),
    Page("edition_new", "fassungen/neu/", adoption.new_edition, permission=PUBLISH),
    Page("difference", "fassungen/vergleich/", editions.compare, permission=EVERYBODY),
    Page("as_of", "fassungen/stand/", editions.as_of, permission=EVERYBODY),
    Page("history", "fassungen/verlauf/<str:code>/", editions.history, permission=EVERYBODY),
    Page("version", "fassungen/verlauf/<str:code>/<int:number>/", editions.version, permission=EVERYBODY),
    Page("edition", "fassungen/<str:name>/", editions.edition, permission=EVERYBODY),
    Page("edition_decide", "fassungen/<str:name>/beschluss/", adoption.decide, permission=ADOPT),
    Page("requests", "aenderungen/", requests.requests, permission=ACCOUNT),
    Page("request_new", "aenderungen/neu/", requests.new_request, permission=ACCOUNT),
    Page("request", "aenderungen/<int:pk>/", requests.show_request, permission=ACCOUNT),
    Page("request_change", "aenderungen/<int:pk>/aenderung/", requests.put_change, permission=ACCOUNT),
)

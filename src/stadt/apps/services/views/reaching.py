"""How the applicant hears of news: what is set, changing it, and the page on which the owner of an address agrees."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from stadt.apps.services import services
from stadt.civic.cases.models import Case
from stadt.civic.cases.queries.reaching import ADDRESS_ROLE, find_party, waiting_address
from stadt.civic.cases.services import reaching
from stadt.civic.messages.services import find_access
from stadt.civic.messages.services.links import confine
from stadt.core.errors import Invalid
from stadt.core.people.access import client_of
from stadt.hub.datasets.pacing import Pace

address_pace = Pace(burst=5, per_second=1 / 600)


@dataclass(frozen=True, slots=True)
class Reach:
    """What is set: `email` gets mail when `is_on`; `waiting` is still to be confirmed; `has_inbox` for people with an account.

    `account` is the account's address where another one, or none, is set.
    """

    email: str
    is_on: bool
    waiting: str
    has_inbox: bool
    account: str


def shown(case: Case, secret: str) -> Reach | None:
    """How whoever holds the link hears of news; None for a link that is nobody's."""
    party = find_party(secret, case)
    if party is None:
        return None
    own = party.user.email if party.user is not None else ""
    return Reach(
        email=party.email,
        is_on=party.wants_mail and bool(party.email),
        waiting=waiting_address(party),
        has_inbox=party.user is not None,
        account=own if own != party.email else "",
    )


def act(request: HttpRequest, case: Case, secret: str, wish: str) -> str:
    """Do what was wished and say what became of it. Raises Invalid, Conflict, TooMany, NotFound."""
    if wish == "mail":
        address_pace.take(client_of(request))
        email = request.POST.get("email", "")[:255]
        services.ask_address(secret, case, email)
        reach = shown(case, secret)
        if reach is not None and reach.is_on and reach.email == email.strip().lower():
            return _("Sie bekommen eine E-Mail, wenn es Neues gibt.")
        return _(
            "Bitte sehen Sie in Ihr E-Mail-Postfach: Mit dem Link in der E-Mail bestätigen Sie die Adresse."
        )
    if wish == "mail-an":
        reaching.start_mail(secret)
        return _("Sie bekommen eine E-Mail, wenn es Neues gibt.")
    if wish == "mail-aus":
        reaching.stop_mail(secret, forget=request.POST.get("loeschen") == "1")
        return _("Sie bekommen zu diesem Vorgang keine E-Mails mehr.")
    raise Invalid(_("Das gibt es hier nicht."))


def confirm(request: HttpRequest, secret: str) -> HttpResponse:
    """`/dienste/email/<secret>/`: only a click of the owner counts, never the opening of the page by a mail program."""
    state, reference = "", ""
    access = find_access(secret, ADDRESS_ROLE)
    if request.method == "POST" and access is not None and "nein" in request.POST:
        reaching.refuse_address(secret)
        state = "refused"
    elif request.method == "POST":
        reference = reaching.confirm_address(secret).reference
        state = "confirmed"
    elif access is not None:
        reference = Case.objects.filter(pk=access.subject.partition(":")[2]).values_list(
            "reference", flat=True
        )[0]
        state = "asked"
    context = {"state": state, "reference": reference, "email": access.email if access else ""}
    status = 200 if state else 404
    return confine(render(request, "services/confirm_address.html", context, status=status))

"""Pages: the inbox of people with an account, one thread, and the link of a subscription."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from stadt.civic.files.serving import signed_url
from stadt.civic.messages import queries, services
from stadt.civic.messages.models import AuthorKind, Message
from stadt.civic.messages.services.links import confine
from stadt.civic.messages.services.subscriptions import find_by_secret
from stadt.core import condition
from stadt.core.city import current
from stadt.core.errors import NotFound
from stadt.core.people.access import actor_of

PAGE_SIZE = 20


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """`/postfach/`: all threads of the person, and what she follows."""
    user_id = _user_id(request)
    page = Paginator(queries.list_inbox(user_id), PAGE_SIZE).get_page(request.GET.get("seite"))
    context = {
        "page": page,
        "unread": queries.count_unread(user_id),
        "subscriptions": queries.list_own_subscriptions(user_id),
    }
    return render(request, "civic_messages/inbox.html", context)


@require_safe
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """`/postfach/<id>/`: all messages of a thread; opening it marks them as read."""
    actor = actor_of(request)
    party = queries.get_own_party(_user_id(request), pk)
    letters = queries.thread_of(party.thread.subject)
    context = {
        "thread": party.thread,
        "letters": [
            {
                "message": letter.message,
                "author": author_of(letter.message),
                "is_own": letter.message.author_kind == AuthorKind.CITIZEN,
                "is_new": letter.message.pk > party.read_to and letter.message.author_id != party.user_id,
                "files": [{"file": item, "url": signed_url(item, "full")} for item in letter.files],
            }
            for letter in letters
        ],
    }
    answer = render(request, "civic_messages/thread.html", context)
    if letters and letters[-1].message.pk > party.read_to and condition.find_refusal() is None:
        services.mark_read(actor, party, letters[-1].message.pk)
    return confine(answer)


def author_of(message: Message) -> str:
    """Who wrote it, in a word for the reader."""
    if message.author_kind == AuthorKind.CITIZEN:
        return _("Sie")
    if message.author_kind == AuthorKind.SYSTEM:
        return _("Automatische Nachricht")
    return _("Stadt %(city)s") % {"city": current().name}


@require_http_methods(["GET", "HEAD", "POST"])
def leave_own(request: HttpRequest, pk: int) -> HttpResponse:
    """`/postfach/abos/<id>/`: end a subscription of one's own; read, it leads to the inbox where the button is."""
    if request.method != "POST":
        return redirect("civic_messages:inbox")
    services.leave_own(actor_of(request), pk)
    messages.success(request, _("Das Abo ist beendet."))
    return redirect("civic_messages:inbox")


def subscription(request: HttpRequest, secret: str) -> HttpResponse:
    """`/postfach/abo/<secret>/`: confirm a subscription, or end it."""
    actor = actor_of(request)
    if request.method == "POST" and "beenden" in request.POST:
        services.leave(secret, actor=actor)
        return _subscription_page(request, None, is_left=True)
    if request.method == "POST":
        services.confirm(secret, actor=actor)
        return confine(redirect("civic_messages:subscription", secret))
    return _subscription_page(request, secret)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def one_click(request: HttpRequest, secret: str) -> HttpResponse:
    """`/postfach/abo/<secret>/ende/`: a mail program ends it for its reader (RFC 8058, 3.2), without cookies.

    It is no error when it was ended before. Who opens the address as a page is led to the one with the button.
    """
    if request.method != "POST":
        return confine(redirect("civic_messages:subscription", secret))
    if find_by_secret(secret) is not None:
        services.leave(secret, actor=actor_of(request))
    return confine(HttpResponse(_("Das Abo ist beendet."), content_type="text/plain; charset=utf-8"))


def _subscription_page(request: HttpRequest, secret: str | None, *, is_left: bool = False) -> HttpResponse:
    found = find_by_secret(secret) if secret is not None else None
    context = {"found": found, "is_left": is_left}
    status = 200 if found or is_left else 404
    return confine(render(request, "civic_messages/subscription.html", context, status=status))


def _user_id(request: HttpRequest) -> int:
    user_id = actor_of(request).user_id
    if user_id is None:  # a token has no inbox
        raise NotFound
    return user_id

"""Pages for everybody: news, subscriptions, questions and their public answers."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from stadt.apps.dialogue import feeds, queries, wording
from stadt.apps.dialogue.forms import QuestionForm, SubscriptionForm
from stadt.apps.dialogue.models import News, Question
from stadt.apps.dialogue.rights import ANSWER
from stadt.apps.dialogue.services import questions, subscriptions
from stadt.apps.dialogue.topics import WHOLE, Topic, find_topic
from stadt.apps.dialogue.workflow import ANSWER_WITHIN, Rhythm
from stadt.core.errors import Invalid, NotFound
from stadt.core.people.access import actor_of, client_of
from stadt.hub.datasets.pacing import Pace
from stadt.web.atom import MEDIA_TYPE

PAGE_SIZE = 25
LONGEST_CODE = 20
# Five forms from one household at once, and then one in ten minutes.
forms_pace = Pace(burst=5, per_second=1 / 600)


@require_safe
def show_news(request: HttpRequest) -> HttpResponse:
    """`/mitmachen/strategie/neues/`: what is new, of everything or of the topic `zu`."""
    topic = _topic(request)
    page = Paginator(queries.list_news(topic.code), PAGE_SIZE).get_page(request.GET.get("seite"))
    context = {
        "topic": topic,
        "is_whole": topic.code == WHOLE,
        "page": page,
        "news": [shown_news(item) for item in page.object_list],
        "feed_url": feeds.address_of(topic.code),
    }
    return render(request, "dialogue/news.html", context)


@require_safe
def show_feed(request: HttpRequest, code: str = WHOLE) -> HttpResponse:
    """`/mitmachen/strategie/neues.atom`, or below `neues/<code>.atom`: the same as an Atom feed. Raises NotFound."""
    topic = find_topic(code)
    if topic is None:
        raise NotFound(_("Das gibt es in der Strategie nicht."))
    news = queries.list_news(topic.code)[: feeds.LENGTH]
    answer = HttpResponse(feeds.render_feed(topic, list(news)), content_type=MEDIA_TYPE)
    answer["Cache-Control"] = "public, max-age=60"
    return answer


@require_safe
def show_answers(request: HttpRequest) -> HttpResponse:
    """`/mitmachen/strategie/`: public questions and answers, of everything or about `zu`."""
    topic = _topic(request)
    found = queries.list_answers("" if topic.code == WHOLE else topic.code)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("seite"))
    context = {
        "topic": topic,
        "is_whole": topic.code == WHOLE,
        "page": page,
        "items": [shown_answer(item) for item in page.object_list],
        "may_answer": actor_of(request).can(ANSWER),
    }
    return render(request, "dialogue/answers.html", context)


def ask(request: HttpRequest) -> HttpResponse:
    """`/mitmachen/strategie/frage/`: anybody asks those responsible."""
    topic = _topic(request)
    form = QuestionForm(request.POST or None, chosen=topic, initial={"code": topic.code})
    if request.method == "POST" and form.is_valid():
        forms_pace.take(client_of(request))
        try:
            questions.ask_question(actor_of(request), form.as_draft())
        except Invalid as error:
            form.show(error)
        else:
            messages.success(
                request,
                _("Danke. Ihre Frage ist angekommen. Die Antwort erscheint hier, sobald es sie gibt."),
            )
            return redirect("dialogue:answers")
    context = {"form": form, "topic": topic, "days": ANSWER_WITHIN.days}
    return render(request, "dialogue/ask.html", context, status=422 if form.errors else 200)


def subscribe(request: HttpRequest) -> HttpResponse:
    """`/mitmachen/strategie/abo/`: news by mail. What follows is the same whether the address is known or not."""
    topic = _topic(request)
    form = SubscriptionForm(request.POST or None, chosen=topic, initial={"topic": topic.code})
    if request.method == "POST" and form.is_valid():
        forms_pace.take(client_of(request))
        data = form.cleaned_data
        try:
            subscriptions.subscribe(actor_of(request), data["topic"], data["email"], data["rhythm"])
        except Invalid as error:
            form.show(error)
        else:
            messages.success(
                request,
                _("Bitte sehen Sie in Ihr Postfach: Mit dem Link in der E-Mail bestätigen Sie das Abo."),
            )
            return redirect("dialogue:news")
    context = {"form": form, "topic": topic, "feed_url": feeds.address_of(topic.code)}
    return render(request, "dialogue/subscribe.html", context, status=422 if form.errors else 200)


def manage_subscription(request: HttpRequest, secret: str) -> HttpResponse:
    """`/mitmachen/strategie/abo/<secret>/`: confirm, change or end a subscription; opening the page changes nothing."""
    actor = actor_of(request)
    if request.method == "POST":
        if "beenden" in request.POST:
            subscriptions.unsubscribe(actor, secret)
            messages.success(request, _("Das Abo ist beendet und Ihre Adresse gelöscht."))
            return redirect("dialogue:news")
        if "rhythm" in request.POST:
            subscriptions.change_rhythm(actor, secret, request.POST["rhythm"])
            messages.success(request, _("Gespeichert."))
        else:
            subscriptions.confirm_subscription(actor, secret)
            messages.success(request, _("Das Abo ist bestätigt."))
        return redirect("dialogue:subscription", secret)
    found = subscriptions.find_by_secret(secret)
    context = {
        "found": found,
        "topic": wording.topic_heading(found.topic) if found else "",
        "rhythms": Rhythm.choices,
    }
    return _private(render(request, "dialogue/subscription.html", context, status=200 if found else 404))


def manage_question(request: HttpRequest, secret: str) -> HttpResponse:
    """`/mitmachen/strategie/frage/<secret>/`: confirm the asker's address, or delete it."""
    actor = actor_of(request)
    if request.method == "POST" and "loeschen" in request.POST:
        questions.remove_asker(actor, secret)
        messages.success(request, _("Die Adresse ist gelöscht."))
        return redirect("dialogue:answers")
    if request.method == "POST":
        questions.confirm_asker(actor, secret)
        messages.success(request, _("Die Adresse ist bestätigt."))
        return redirect("dialogue:asker", secret)
    found = questions.find_by_secret(secret)
    topic = wording.topic_heading(found.code) if found else ""
    answer = render(
        request, "dialogue/asker.html", {"found": found, "topic": topic}, status=200 if found else 404
    )
    return _private(answer)


def shown_news(news: News) -> dict[str, Any]:
    """A piece of news ready for a template."""
    return {
        "kind": wording.kind_word(news),
        "state": wording.colour(news),
        "heading": wording.heading(news),
        "sentence": wording.sentence(news),
        "url": news.path,
        "when": news.happened_at,
        "is_simulated": news.is_simulated,
    }


def shown_answer(question: Question) -> dict[str, Any]:
    """A public answer ready for a template; what was asked in private words is not in it."""
    topic = find_topic(question.code)
    return {
        "id": question.pk,
        "question": question.public_question,
        "answer": question.answer,
        "when": question.decided_at,
        "topic": topic,
        "is_simulated": question.is_simulated,
    }


def _topic(request: HttpRequest) -> Topic:
    found = find_topic(request.GET.get("zu", "")[:LONGEST_CODE])
    if found is None:
        raise NotFound(_("Das gibt es in der Strategie nicht."))
    return found


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Referrer-Policy"] = "same-origin"  # `no-referrer` makes browsers send the form with Origin: null
    answer["Cache-Control"] = "private, no-store"
    return answer

"""Pages about jobs and mail, and what an operator may do to them."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from stadt.apps.operations import presentation, queries, services
from stadt.apps.operations.checks import MAIL
from stadt.apps.operations.rights import ACT
from stadt.core import queue
from stadt.core.errors import Conflict, Invalid, NotFound
from stadt.core.people.access import actor_of
from stadt.core.queue import Retried


@require_safe
@never_cache
def list_jobs(request: HttpRequest) -> HttpResponse:
    """`/betrieb/aufgaben/`: what failed, is stalled, runs and waits, and the jobs that come again."""
    columns, rows = presentation.failure_rows(queries.list_failures())
    context = {
        "counts": queue.count_by_state(),
        "failed": queue.list_jobs("failed"),
        "failed_tasks": queue.count_by_task("failed"),
        "stalled": queue.list_jobs("stalled"),
        "running": queue.list_jobs("running"),
        "waiting": queue.list_jobs("waiting"),
        "periodic": queries.periodic_jobs(),
        "columns": columns,
        "rows": rows,
        "has_worker": queue.has_worker(),
        "may_act": actor_of(request).can(ACT),
        "origin": "jobs",
        "subnav": presentation.subnav("jobs"),
    }
    return render(request, "operations/jobs.html", context)


@require_safe
@never_cache
def list_mail(request: HttpRequest) -> HttpResponse:
    """`/betrieb/post/`: mail that waits and mail that could not be sent, without addresses."""
    context = {
        "failed": queue.list_jobs("failed", task=MAIL),
        "waiting": queue.list_jobs("waiting", task=MAIL),
        "failed_count": dict(queue.count_by_task("failed")).get(MAIL, 0),
        "waiting_count": dict(queue.count_by_task("waiting")).get(MAIL, 0),
        "task": MAIL,
        "items": presentation.mail_items(),
        "may_act": actor_of(request).can(ACT),
        "origin": "mail",
        "subnav": presentation.subnav("mail"),
    }
    return render(request, "operations/mail.html", context)


@require_POST
def retry(request: HttpRequest, job_id: int) -> HttpResponse:
    """Put one failed job back into the queue."""

    def act() -> str:
        outcome = services.retry_job(actor_of(request), job_id)
        if outcome is Retried.WAITS_ALREADY:
            return _("Dieselbe Aufgabe wartet schon; die gescheiterte ist damit erledigt.")
        return _("Die Aufgabe ist wieder in der Warteschlange.")

    return _answer(request, act)


@require_POST
def retry_all(request: HttpRequest) -> HttpResponse:
    """Put all failed jobs of a task back into the queue."""

    def act() -> str:
        count = services.retry_jobs(actor_of(request), request.POST.get("task", ""))
        return ngettext(
            "%(count)d Aufgabe ist wieder in der Warteschlange.",
            "%(count)d Aufgaben sind wieder in der Warteschlange.",
            count,
        ) % {"count": count}

    return _answer(request, act)


@require_POST
def discard(request: HttpRequest, job_id: int) -> HttpResponse:
    """Remove a failed job for good."""

    def act() -> str:
        services.discard_job(actor_of(request), job_id)
        return _("Die gescheiterte Aufgabe ist verworfen.")

    return _answer(request, act)


@require_POST
def abort(request: HttpRequest, job_id: int) -> HttpResponse:
    """Remove a job that waits."""

    def act() -> str:
        services.abort_job(actor_of(request), job_id)
        return _("Die wartende Aufgabe ist abgebrochen.")

    return _answer(request, act)


@require_POST
def run_now(request: HttpRequest) -> HttpResponse:
    """Queue a periodic job now."""

    def act() -> str:
        name = request.POST.get("task", "")
        if services.run_job_now(actor_of(request), name):
            return _("„%(name)s“ steht in der Warteschlange und läuft gleich.") % {"name": name}
        return _("„%(name)s“ wartet schon in der Warteschlange.") % {"name": name}

    return _answer(request, act)


def _answer(request: HttpRequest, act: Callable[[], str]) -> HttpResponse:
    """Do it, say what came of it, and go back to the page it was asked on; being too late is no error page."""
    try:
        messages.success(request, act())
    except (Conflict, Invalid, NotFound) as error:
        messages.warning(request, error.detail)
    return redirect("operations:mail" if request.POST.get("from") == "mail" else "operations:jobs")

"""What the operations app plugs in."""

from datetime import timedelta
from functools import partial

from django.utils.translation import gettext_noop as _

from stadt.apps.operations import banner, indicators, metrics, queries, sampling, watching
from stadt.apps.operations.checks import CHECKS
from stadt.apps.operations.rights import ACT, WATCH
from stadt.apps.operations.views import jobs, pages
from stadt.core.manifest import Job, Manifest, Menu, Metric, Page, Panel, Subject, Verb

MANIFEST = Manifest(
    path="betrieb",
    pages=(
        Page("overview", "", pages.overview, _("Betrieb"), Menu.OPERATIONS, permission=WATCH, order=0),
        Page("checks", "pruefungen/", pages.checks, _("Prüfungen"), permission=WATCH),
        Page("silence", "pruefungen/stillen/", pages.silence, permission=ACT),
        Page("jobs", "aufgaben/", jobs.list_jobs, _("Aufgaben"), permission=WATCH),
        Page("retry_all", "aufgaben/wiederholen/", jobs.retry_all, permission=ACT),
        Page("run_now", "aufgaben/ausfuehren/", jobs.run_now, permission=ACT),
        Page("retry", "aufgaben/<int:job_id>/wiederholen/", jobs.retry, permission=ACT),
        Page("discard", "aufgaben/<int:job_id>/verwerfen/", jobs.discard, permission=ACT),
        Page("abort", "aufgaben/<int:job_id>/abbrechen/", jobs.abort, permission=ACT),
        Page("mail", "post/", jobs.list_mail, _("E-Mail-Versand"), permission=WATCH),
        Page("database", "datenbank/", pages.database, _("Datenbank"), permission=WATCH),
        Page("trends", "verlauf/", pages.trends, _("Verlauf"), permission=WATCH),
    ),
    indicators=indicators.ALL,
    permissions=(WATCH, ACT),
    verbs=(
        Verb("abort_job", _("Aufgabe abgebrochen")),
        Verb("discard_job", _("Aufgabe verworfen")),
        Verb("retry_job", _("Aufgabe wiederholt")),
        Verb("retry_jobs", _("Aufgaben wiederholt")),
        Verb("run_job_now", _("Aufgabe ausgeführt")),
        Verb("silence_check", _("Prüfung stillgestellt")),
    ),
    subjects=(
        Subject("check", _("Prüfung")),
        Subject("job", _("Aufgabe")),
        Subject("task", _("Aufgaben einer Art")),
    ),
    panels=(Panel("shell.banner", "operations/banner.html", banner.context),),
    jobs=(
        Job("operations.watch", watching.watch, every=watching.EVERY),
        Job("operations.sample", sampling.sample, every=sampling.EVERY),
        Job("operations.forget", sampling.forget, every=timedelta(days=1)),
    ),
    doctor=CHECKS,
    metrics=(
        Metric("stadt_jobs", "Jobs of the queue by state", "gauge", queries.job_numbers),
        Metric(
            "stadt_jobs_oldest_waiting_seconds", "Time the job that waits longest could have run", "gauge",
            queries.oldest_wait,
        ),
        Metric(
            "stadt_worker_heartbeat_age_seconds", "Time since a worker's last sign of life", "gauge", queries.worker_age
        ),
        Metric("stadt_mail_waiting", "Mails that wait to be sent", "gauge", metrics.mail_waiting),
        Metric("stadt_mail_failed", "Mails that could not be sent", "gauge", metrics.mail_failed),
        Metric("stadt_disk_free_bytes", "Free bytes of the file systems of the city", "gauge", metrics.disks_free),
        Metric(
            "stadt_database_bytes", "Size of the database, every five minutes", "gauge",
            partial(queries.sampled, "database_bytes"),
        ),
        Metric("stadt_checks_failing", "1 for each watched check that needs a person", "gauge", metrics.checks_failing),
    ),
)  # fmt: skip

"""Figures of operations for Prometheus."""

from stadt.apps.operations.checks import MAIL
from stadt.apps.operations.findings import all_findings
from stadt.core import queue
from stadt.core.probes import disks

Rows = list[tuple[dict[str, str], float]]


def mail_waiting() -> Rows:
    """Mails that wait."""
    return [({}, float(dict(queue.count_by_task("waiting")).get(MAIL, 0)))]


def mail_failed() -> Rows:
    """Mails that failed for good."""
    return [({}, float(dict(queue.count_by_task("failed")).get(MAIL, 0)))]


def disks_free() -> Rows:
    """Free bytes by the first of what a file system keeps."""
    return [({"disk": disk.keeps[0]}, float(disk.free)) for disk in disks()]


def checks_failing() -> Rows:
    """Each watched check, 1 when it needs a person."""
    return [({"check": one.key}, float(one.is_bad)) for one in all_findings()]

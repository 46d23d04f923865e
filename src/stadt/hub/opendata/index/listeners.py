"""Keeps the index current: after each fact at once, by a job should the process die before, and at every start."""

import logging

from asgiref.sync import sync_to_async
from django.db import DatabaseError, connection

from stadt.core.errors import StadtError
from stadt.hub.datasets.events import DatasetChanged, DatasetWithdrawn, SnapshotPublished
from stadt.hub.opendata.index.refresh import mend, refresh_entry
from stadt.hub.opendata.services import remember_listing

logger = logging.getLogger("stadt.opendata")


def follow_snapshot(event: SnapshotPublished) -> None:
    """The entry tells of the new snapshot, and its title is remembered for the day it is withdrawn."""
    _follow(event.dataset)


def follow_change(event: DatasetChanged) -> None:
    """The entry tells of the new card, or goes with a dataset that is not for everybody any more."""
    _follow(event.key)


def follow_withdrawal(event: DatasetWithdrawn) -> None:
    """The entry goes."""
    _follow(event.key)


def follow_snapshot_surely(event: SnapshotPublished) -> None:
    """The same as a job; an entry that is current is made again to no harm."""
    _follow_surely(event.dataset)


def follow_change_surely(event: DatasetChanged) -> None:
    """The same as a job."""
    _follow_surely(event.key)


def follow_withdrawal_surely(event: DatasetWithdrawn) -> None:
    """The same as a job."""
    _follow_surely(event.key)


def _follow_surely(key: str) -> None:
    refresh_entry(key)
    remember_listing(key)


def _follow(key: str) -> None:
    """What goes wrong now is made up for by the durable listener."""
    try:
        _follow_surely(key)
    except (DatabaseError, StadtError):
        logger.exception("the entry of %s is made later", key)


async def start() -> None:
    """Before the first request: a new release may declare other datasets than the index tells of."""
    await sync_to_async(_mend)()


async def stop() -> None:
    """Nothing is open."""


def _mend() -> None:
    try:
        mend()
    except (DatabaseError, StadtError):
        logger.exception("the index of the catalogue is brought up to date later")
    finally:
        connection.close()

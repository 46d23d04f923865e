"""How the process of a bridge or a broker runs and ends."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any

from stadt.core.database.pool import close_async_pool
from stadt.hub.observations import committer


def run_until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Work until SIGTERM or SIGINT; what waits for its commit is stored before the connections are closed."""

    async def run() -> None:
        task = asyncio.create_task(work)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        finally:
            await committer.stop()
            await close_async_pool()

    asyncio.run(run())

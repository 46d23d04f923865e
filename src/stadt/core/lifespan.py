"""What floors start and stop together with a web process, such as the group committer."""

from collections.abc import Awaitable, Callable

Step = Callable[[], Awaitable[None]]

_steps: list[tuple[Step, Step]] = []


def at_web_process(*, start: Step, stop: Step) -> None:
    """Have `start` awaited before the first request and `stop` after the last one, in reverse order.

    Called when an app's manifest is imported.
    """
    _steps.append((start, stop))


async def run_startup() -> None:
    """Start everything, in the order of registration."""
    for start, _ in _steps:
        await start()


async def run_shutdown() -> None:
    """Stop everything, last started first."""
    for _, stop in reversed(_steps):
        await stop()

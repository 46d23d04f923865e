"""Progress of long work on the terminal: each step a line, and now and then how far it is."""

import time
from dataclasses import dataclass

PAUSE_SECONDS = 5.0


def tell(line: str) -> None:
    """Print one line at once, also into a pipe."""
    print(line, flush=True)


@dataclass
class Teller:
    """Prints steps at once, and a tick when nothing was printed for some seconds."""

    quiet: bool = False
    last: float = 0.0

    def step(self, text: str) -> None:
        """Something begins."""
        self.last = time.monotonic()
        if not self.quiet:
            tell(f"· {text}")

    def tick(self, text: str) -> None:
        """How far it is."""
        if not self.quiet and time.monotonic() - self.last > PAUSE_SECONDS:
            self.last = time.monotonic()
            tell(f"  {text}")

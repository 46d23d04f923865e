"""End a child process together with its parent, also when the parent is killed without a chance to say so."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None, use_errno=True).prctl if sys.platform == "linux" else None


def die_with_parent(how: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `how` to the child when the thread that started it ends (Linux).

    Elsewhere it does nothing; such a child watches its parent itself (`watch_parent`) or is stopped at next start.
    """
    parent = os.getpid()

    def ask_kernel() -> None:
        if _prctl is not None:
            _prctl(PR_SET_PDEATHSIG, int(how))
            if os.getppid() != parent:
                os._exit(1)

    return ask_kernel


def watch_parent(how: signal.Signals = signal.SIGTERM) -> None:
    """Ask for `how` in this process when its parent ends: by the kernel on Linux, else by looking every second."""
    if _prctl is not None:
        _prctl(PR_SET_PDEATHSIG, int(how))
        return
    parent = os.getppid()

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), how)

    threading.Thread(target=look, name="watch-parent", daemon=True).start()

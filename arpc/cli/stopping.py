"""How Ctrl-C stops a command: once, however often it is pressed, and wherever Python is at that moment."""

import os
import sys


def heed() -> None:
    """Let no Ctrl-C be lost, and none be told with lines of code.

    Python cannot raise one while it takes something down, or is called back by a library; it comes again then.
    """
    sys.unraisablehook = _come_again


def enough() -> None:
    """Do not listen to Ctrl-C any more: the command is about to end, and who is in a hurry presses it again."""
    while True:
        try:
            import signal

            signal.signal(signal.SIGINT, signal.SIG_IGN)
        except KeyboardInterrupt:
            continue
        return


def _come_again(lost: "sys.UnraisableHookArgs") -> None:
    if issubclass(lost.exc_type, KeyboardInterrupt):
        import _thread
        import threading

        threading.Timer(_SOON, _thread.interrupt_main).start()
    elif os.environ.get("ARPC_DEBUG"):
        sys.__unraisablehook__(lost)


_SOON = 0.01  # seconds, in which Python is done with what it could not be stopped in

"""The three streams of the process: there, in UTF-8, and never in the way of the work.

What was begun is done whether or not anybody reads what is said of it: who looks at the first lines only
(`arpc save | head -1`) stops no command half way, and its exit code is what it would have been. What could not be
printed for any other reason, such as a full disk, is told when the work is done.
"""

import errno
import io
import os
import sys

if sys.platform == "win32":
    _NOBODY_READS = (errno.EPIPE, errno.EINVAL)  # Windows says so of a pipe with nobody at its end
else:
    _NOBODY_READS = (errno.EPIPE,)


class _Lasting(io.RawIOBase):
    """Bytes on their way out, of which nothing is asked any more once they can go nowhere."""

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw = raw
        self.fault: OSError | None = None

    def write(self, data: memoryview, /) -> int | None:  # type: ignore[override]
        """Write what can be written; the first fault is kept, and all that comes after it let go."""
        if self.fault is None:
            try:
                return self._raw.write(data)
            except OSError as error:
                self.fault = error
        return data.nbytes

    def writable(self) -> bool:
        """Yes."""
        return True

    def fileno(self) -> int:
        """What the system calls it."""
        return self._raw.fileno()

    def isatty(self) -> bool:
        """Whether somebody looks at it."""
        return self._raw.isatty()


class Streams:
    """Standard output and standard error of this process."""

    def __init__(self) -> None:
        """Put them where Python looks for them; what the process was started without leads nowhere.

        Otherwise the first file that is opened would get the place of standard output, and what any
        program that we start has to say would be written into it.
        """
        for number in range(3):
            try:
                os.fstat(number)
            except OSError:
                os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
        sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
        self._were = (sys.stdout, sys.stderr)  # who lets go of them closes what lies below
        out, err = self._raw = (_below(sys.stdout, 1), _below(sys.stderr, 2))
        at_once = bool(getattr(sys.stdout, "write_through", False))
        sys.stdout = _text(out, at_once=at_once or out.isatty())
        sys.stderr = _text(err, at_once=True)

    def fault(self) -> OSError | None:
        """Why something could not be printed; None where all was, or nobody wanted it any more."""
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        faults = (raw.fault for raw in self._raw)
        return next((each for each in faults if each and each.errno not in _NOBODY_READS), None)


def _below(stream: object, number: int) -> _Lasting:
    """The file that a stream writes to, or on Windows its console; what is not buffered is the file itself."""
    buffer = getattr(stream, "buffer", None) or io.FileIO(number, "w", closefd=False)
    return _Lasting(getattr(buffer, "raw", buffer))


def _text(raw: io.RawIOBase, *, at_once: bool) -> io.TextIOWrapper:
    buffer = io.BufferedWriter(raw)
    return io.TextIOWrapper(buffer, "utf-8", "backslashreplace", "\n", line_buffering=at_once)

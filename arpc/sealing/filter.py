"""Git's long-running filter process, version 2: one process for all files of a git command (gitattributes(5))."""

from collections.abc import Callable
from typing import BinaryIO, Protocol

from arpc.sealing.engine import Engine, RefusedError

_MOST = 65516  # bytes in a packet


class ProtocolError(Exception):
    """What came is not what git says."""


class Incoming(Protocol):
    """What git says."""

    def read(self, size: int) -> bytes:
        """Return so many bytes; fewer where git has gone."""


def serve(
    engine: Engine, incoming: Incoming, outgoing: BinaryIO, tell: Callable[[str], None]
) -> None:
    """Seal and open files for git until it has no more.

    Args:
        engine: What seals and opens.
        incoming: What git says.
        outgoing: What it is answered.
        tell: Prints why a file is refused.

    Raises:
        ProtocolError: What came is not what git says; nothing more was answered.
    """
    packets = _Packets(incoming, outgoing)
    hello = packets.lines()
    if hello[:1] != [b"git-filter-client"] or b"version=2" not in hello:
        raise ProtocolError("this is no git of version 2.11 or later")
    packets.say(b"git-filter-server\n", b"version=2\n")
    offered = packets.lines()
    ours = [b"capability=clean", b"capability=smudge"]
    packets.say(*(each + b"\n" for each in ours if each in offered))
    while asked := packets.lines():
        about = dict(line.partition(b"=")[::2] for line in asked)
        raw = packets.content()
        path = about.get(b"pathname", b"").decode("utf-8", "surrogateescape")
        try:
            if about.get(b"command") == b"clean":
                answer = engine.clean(path, raw)
            elif about.get(b"command") == b"smudge":
                answer = engine.smudge(path, raw)
            else:
                raise RefusedError("git asks for what it was not offered")
        except RefusedError as refused:
            tell(str(refused))
            packets.say(b"status=error\n")
        else:
            packets.answer(answer)


class _Packets:
    def __init__(self, incoming: Incoming, outgoing: BinaryIO) -> None:
        self._read, self._out = incoming.read, outgoing

    def lines(self) -> list[bytes]:
        """A list of lines up to a flush; [] where git has gone."""
        found: list[bytes] = []
        while (packet := self._packet(may_end=not found)) is not None:
            found.append(packet.rstrip(b"\n"))
        return found

    def content(self) -> bytes:
        parts = []
        while (packet := self._packet()) is not None:
            parts.append(packet)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def say(self, *lines: bytes) -> None:
        self._out.write(b"".join(b"%04x%b" % (len(line) + 4, line) for line in lines) + b"0000")
        self._out.flush()

    def answer(self, raw: bytes) -> None:
        parts = (raw[at : at + _MOST] for at in range(0, len(raw), _MOST))
        body = b"".join(b"%04x%b" % (len(part) + 4, part) for part in parts)
        self._out.write(b"0013status=success\n0000" + body + b"00000000")
        self._out.flush()

    def _packet(self, *, may_end: bool = False) -> bytes | None:
        """A packet; None is a flush, or the end where there may be one."""
        head = self._read(4)
        if head == b"0000" or (not head and may_end):
            return None
        try:
            size = int(head, 16) - 4 if len(head) == 4 else -1
        except ValueError:
            size = -1
        body = self._read(size) if size > 0 else b""
        if not body or len(body) != size:
            raise ProtocolError("a packet is broken off")
        return body

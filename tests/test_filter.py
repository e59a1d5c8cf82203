"""What git and its filter say to each other, byte by byte; and a pipe that is read as it fills."""

import io
import os
import select
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arpc.sealing.eager import Eager
from arpc.sealing.engine import Engine
from arpc.sealing.filter import ProtocolError, serve
from arpc.sealing.form import Key
from arpc.sealing.ring import Ring
from tests.conftest import ENGLAND, SCOTLAND
from tests.sealed import SECRET

KEY = Key(ENGLAND, 1, SECRET)
RUBY = b"person: arpc/1\nid: P-03\nname: Ruby Osei\n"
RECORD = f"cases/{ENGLAND}/people/P-03.yaml".encode()
FLUSH = b"0000"
MOST = 65516  # bytes in a packet, by git's own documents


def packet(raw: bytes) -> bytes:
    return b"%04x" % (len(raw) + 4) + raw


def lines(*said: bytes) -> bytes:
    return b"".join(packet(line + b"\n") for line in said) + FLUSH


HELLO = lines(b"git-filter-client", b"version=2")
OFFERED = lines(b"capability=clean", b"capability=smudge", b"capability=delay")
WELCOME = lines(b"git-filter-server", b"version=2") + lines(
    b"capability=clean", b"capability=smudge"
)


def asked(command: bytes, path: bytes, *parts: bytes) -> bytes:
    """What git says to have a file sealed or opened."""
    about = lines(b"command=" + command, b"pathname=" + path, b"ref=refs/heads/main")
    return about + b"".join(packet(part) for part in parts) + FLUSH


def answer(*parts: bytes) -> bytes:
    """How a file is given back: its state, its bytes, and that nothing went wrong meanwhile."""
    return lines(b"status=success") + b"".join(packet(part) for part in parts) + FLUSH + FLUSH


class Filter:
    """The filter of a clone in which one case is unlocked."""

    def __init__(self, folder: Path) -> None:
        ring = Ring(folder / "keys", 0)
        ring.put(ENGLAND, {1: SECRET})
        self.told: list[str] = []
        self.out = io.BytesIO()
        self._engine = Engine(ring, self.told.append)

    def serve(self, said: bytes) -> bytes:
        """What it answers in all."""
        serve(self._engine, io.BytesIO(said), self.out, self.told.append)
        return self.out.getvalue()


@pytest.fixture
def filter_(tmp_path: Path) -> Filter:
    return Filter(tmp_path)


def test_one_process_seals_and_opens_file_after_file(filter_: Filter) -> None:
    sealed = KEY.seal(RUBY)
    said = HELLO + OFFERED + asked(b"clean", RECORD, RUBY) + asked(b"smudge", RECORD, sealed)
    assert filter_.serve(said) == WELCOME + answer(sealed) + answer(RUBY)
    assert filter_.told == []


def test_a_file_that_is_refused_is_told_and_the_next_one_is_sealed(filter_: Filter) -> None:
    locked = asked(b"clean", f"cases/{SCOTLAND}/case.yaml".encode(), RUBY)
    unknown = asked(b"list_available_blobs", RECORD, RUBY)
    said = HELLO + OFFERED + locked + unknown + asked(b"clean", RECORD, RUBY)
    refused = lines(b"status=error")
    assert filter_.serve(said) == WELCOME + refused + refused + answer(KEY.seal(RUBY))
    assert [line.partition(";")[0] for line in filter_.told] == [
        f"cases/{SCOTLAND}/case.yaml: {SCOTLAND} is locked here, and plain text is never stored",
        "git asks for what it was not offered",
    ]


def test_only_what_git_offers_is_taken(filter_: Filter) -> None:
    said = HELLO + lines(b"capability=smudge", b"capability=delay")
    assert filter_.serve(said).endswith(b"version=2\n0000" + lines(b"capability=smudge"))


@pytest.mark.parametrize("size", [0, 1, MOST - 1, MOST, MOST + 1, 2 * MOST])
def test_a_file_of_any_size_is_handed_over_in_packets_that_are_as_large_as_they_may_be(
    filter_: Filter, size: int
) -> None:
    text = os.urandom(size)
    sealed = KEY.seal(text)
    parts = [sealed[at : at + MOST] for at in range(0, len(sealed), MOST)]
    said = HELLO + OFFERED + asked(b"smudge", RECORD, *parts)
    pieces = [text[at : at + MOST] for at in range(0, size, MOST)]
    assert filter_.serve(said) == WELCOME + answer(*pieces)


def test_a_path_that_is_no_utf_8_is_no_trouble(filter_: Filter) -> None:
    path = f"cases/{ENGLAND}/documents/".encode() + b"Caf\xe9.txt"
    assert filter_.serve(HELLO + OFFERED + asked(b"clean", path, RUBY)).endswith(
        answer(KEY.seal(RUBY))
    )


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (lines(b"git-filter-client", b"version=1"), "this is no git of version 2.11 or later"),
        (lines(b"version=2", b"git-filter-client"), "this is no git of version 2.11 or later"),
        (b"", "this is no git of version 2.11 or later"),
        (HELLO[:-4], "a packet is broken off"),
        (HELLO[:-6], "a packet is broken off"),
        (b"001", "a packet is broken off"),
        (b"zzzz", "a packet is broken off"),
        (b"0004", "a packet is broken off"),
        (b"0003", "a packet is broken off"),
        (b"0009four", "a packet is broken off"),
    ],
)
def test_who_does_not_speak_as_git_does_is_answered_nothing(
    filter_: Filter, said: bytes, why: str
) -> None:
    with pytest.raises(ProtocolError, match=why):
        filter_.serve(said)
    assert filter_.out.getvalue() == b""


@pytest.mark.parametrize("left_out", [1, 4, 5, len(RUBY) + 4, len(RUBY) + 8])
def test_a_file_that_is_broken_off_is_not_taken_for_a_shorter_one(
    filter_: Filter, left_out: int
) -> None:
    with pytest.raises(ProtocolError, match="a packet is broken off"):
        filter_.serve(HELLO + OFFERED + asked(b"clean", RECORD, RUBY)[:-left_out])
    assert filter_.out.getvalue() == WELCOME


@settings(max_examples=150, deadline=None)
@given(said=st.binary(max_size=300), at=st.sampled_from([b"", HELLO, HELLO + OFFERED]))
def test_nonsense_is_never_answered_with_a_file(
    said: bytes, at: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    filter_ = Filter(tmp_path_factory.getbasetemp() / "nonsense")
    with suppress(ProtocolError):
        filter_.serve(at + said)
    assert b"status=success" not in filter_.out.getvalue()


@pytest.fixture(params=["asks first", "only reads"])
def pipe(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Both ends of a pipe: where a system can be asked whether something waits in it, and where not."""
    if request.param == "only reads":
        monkeypatch.delattr(select, "poll", raising=False)
    ends = [*os.pipe()]
    yield ends
    for end in ends:
        os.close(end)


def test_a_pipe_gives_what_is_asked_for_however_it_was_filled(pipe: list[int]) -> None:
    source, sink = pipe
    eager = Eager(source)
    os.write(sink, b"abcdef")
    assert [eager.read(size) for size in (2, 0, 3)] == [b"ab", b"", b"cde"]
    os.write(sink, b"ghij")
    assert eager.read(4) == b"fghi"
    os.write(sink, b"kl")
    os.close(sink)
    pipe.remove(sink)
    assert [eager.read(size) for size in (2, 9, 1)] == [b"jk", b"l", b""]

"""A log of signed entries: what was altered, left out or put in is seen, by arpc and by ssh-keygen alike."""

import subprocess
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from arpc.errors import ArpcError
from arpc.sealing import identities, logbook
from arpc.sealing.identities import Identity
from tests.test_identities import keygen, new_identity

LOG = "C-7K3Q9X2F"
AT = datetime(2026, 11, 22, 12, 28, 10, tzinfo=UTC)
EVENTS = ("create", "grant", "rotate")


@pytest.fixture
def ada(tmp_path: Path) -> Identity:
    return new_identity(tmp_path / "keys", "ada")


@pytest.fixture
def log(tmp_path: Path, ada: Identity) -> Path:
    """A log of three entries."""
    folder = tmp_path / "access" / LOG
    for minutes, event in enumerate(EVENTS):
        write(folder, ada, {"event": event, "person": "AD"}, AT + timedelta(minutes=minutes))
    return folder


def write(folder: Path, who: Identity, fields: dict[str, str], at: datetime = AT) -> Path:
    return logbook.append(folder, LOG, fields, "AD", at, who)


def sign(path: Path, who: Identity, namespace: str = logbook.NAMESPACE) -> None:
    signature = who.sign(path.read_bytes(), namespace)
    path.with_name(f"{path.name}.sig").write_text(signature)


def refused(folder: Path) -> str:
    with pytest.raises(ArpcError) as caught:
        logbook.read(folder, LOG)
    return str(caught.value)


def test_an_entry_is_text_that_names_the_log_its_number_and_the_entry_before(log: Path) -> None:
    first, second, _ = logbook.read(log, LOG)
    assert (log / "0002.txt").read_bytes().decode() == (
        "arpc-log: 1\n"
        f"log: {LOG}\n"
        "number: 2\n"
        f"previous: {first.digest}\n"
        "event: grant\n"
        "person: AD\n"
        "by: AD\n"
        "time: 2026-11-22T12:29:10Z\n"
    )
    assert "previous: none\n" in (log / "0001.txt").read_text()
    assert second.name == f"{LOG}/0002.txt"


def test_what_was_written_is_what_is_read(log: Path, ada: Identity) -> None:
    read = logbook.read(log, LOG)
    assert [entry.fields["event"] for entry in read] == list(EVENTS)
    assert [entry.number for entry in read] == [1, 2, 3]
    assert list(read[1].fields) == ["event", "person"]
    assert read[1].time == AT + timedelta(minutes=1)
    assert {(entry.by, entry.signer) for entry in read} == {("AD", ada.public)}


def test_a_log_read_out_of_a_commit_is_checked_without_a_folder(log: Path) -> None:
    contents = {path.name: path.read_bytes() for path in log.iterdir()}
    assert logbook.entries(contents, LOG) == logbook.read(log, LOG)
    assert logbook.entries({}, LOG) == ()


def test_a_log_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert logbook.read(tmp_path / "nowhere", LOG) == ()


def test_ssh_keygen_alone_can_check_an_entry(log: Path, ada: Identity, tmp_path: Path) -> None:
    known = tmp_path / "known"
    known.write_text(identities.allowed_signers([("AD", ada.public)], [logbook.NAMESPACE]))
    check = ("-Y", "verify", "-f", known, "-I", "AD", "-n", logbook.NAMESPACE)
    entry = log / "0002.txt"
    assert "Good" in keygen(*check, "-s", log / "0002.txt.sig", said=entry.read_bytes())
    with pytest.raises(subprocess.CalledProcessError):
        keygen(*check, "-s", log / "0001.txt.sig", said=entry.read_bytes())


def test_no_byte_of_an_entry_can_be_changed(log: Path) -> None:
    contents = {path.name: path.read_bytes() for path in log.iterdir()}
    raw = contents["0002.txt"]
    for at in range(len(raw)):
        for bit in (1, 32, 128):
            changed = raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :]
            with pytest.raises(ArpcError, match=f"{LOG}/0002.txt: the signature is not of this"):
                logbook.entries({**contents, "0002.txt": changed}, LOG)


def test_no_byte_of_a_signature_can_be_changed(log: Path) -> None:
    contents = {path.name: path.read_bytes() for path in log.iterdir()}
    raw = contents["0003.txt.sig"]
    for at in range(len(raw)):
        changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        with pytest.raises(ArpcError, match=f"{LOG}/0003.txt: "):
            logbook.entries({**contents, "0003.txt.sig": changed}, LOG)


def test_an_entry_that_was_removed_is_missed(log: Path) -> None:
    (log / "0002.txt").unlink()
    (log / "0002.txt.sig").unlink()
    assert refused(log) == f"{LOG}/0002.txt is missing: there are later entries"


def test_later_entries_cannot_take_the_place_of_one_that_was_removed(log: Path) -> None:
    for ending in ("txt", "txt.sig"):
        (log / f"0003.{ending}").replace(log / f"0002.{ending}")
    assert refused(log) == f"{LOG}/0002.txt: this entry has another number"


def test_an_entry_written_anew_breaks_the_chain_after_it(log: Path, ada: Identity) -> None:
    entry = log / "0002.txt"
    entry.write_text(entry.read_text().replace("person: AD", "person: BE"))
    sign(entry, ada)
    assert refused(log) == f"{LOG}/0003.txt: this entry does not follow the one before it"


def test_two_who_wrote_the_same_number_cannot_both_stand(
    log: Path, ada: Identity, tmp_path: Path
) -> None:
    fork = tmp_path / "fork"
    for path in log.iterdir():
        if not path.name.startswith("0003"):
            (fork / path.name).parent.mkdir(exist_ok=True)
            (fork / path.name).write_bytes(path.read_bytes())
    write(fork, ada, {"event": "grant", "person": "BE"}, AT + timedelta(hours=1))
    theirs = write(fork, ada, {"event": "revoke", "person": "BE"}, AT + timedelta(hours=1))
    for ending in ("", ".sig"):
        source = theirs.with_name(theirs.name + ending)
        (log / source.name).write_bytes(source.read_bytes())
    assert refused(log) == f"{LOG}/0004.txt: this entry does not follow the one before it"


def test_the_end_of_a_log_can_be_cut_off_without_its_showing(log: Path) -> None:
    (log / "0003.txt").unlink()
    (log / "0003.txt.sig").unlink()
    assert len(logbook.read(log, LOG)) == 2


def test_an_entry_of_another_log_is_refused(log: Path) -> None:
    with pytest.raises(ArpcError, match=r"people/0001\.txt: this entry is of another log"):
        logbook.read(log, "people")


def test_a_signature_for_another_use_is_refused(log: Path, ada: Identity) -> None:
    sign(log / "0003.txt", ada, "signoff@arpc")
    assert refused(log) == f"{LOG}/0003.txt: the signature is for another use"


def test_an_entry_without_a_signature_is_told_as_what_a_broken_off_command_left(log: Path) -> None:
    (log / "0003.txt.sig").unlink()
    with pytest.raises(ArpcError, match=r"0003\.txt has no signature") as caught:
        logbook.read(log, LOG)
    assert caught.value.hint == "if a command was broken off, `arpc recover`, and give it again"


@pytest.mark.parametrize("name", ["notes.txt", "0004.txt.sig", "0001.txt.orig", "0001 (2).txt"])
def test_what_does_not_belong_in_the_folder_is_named(log: Path, name: str) -> None:
    (log / name).write_text("x")
    assert refused(log) == f"{LOG}/{name} does not belong there"


def test_what_a_broken_off_write_left_and_other_dot_files_are_passed_over(log: Path) -> None:
    (log / ".0004.txt.1234.tmp").write_text("x")
    (log / ".gitattributes").write_text("x")
    assert len(logbook.read(log, LOG)) == 3


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("person: AD\n", "person: AD\nperson: BE\n"),
        ("person: AD\n", "person:AD\n"),
        ("person: AD\n", "person: AD \n"),
        ("person: AD\n", "person: \n"),
        ("person: AD\n", "Person: AD\n"),
        ("person: AD\n", "person: A\u202eD\n"),
        ("person: AD\n", "person: AD\r\n"),
        ("person: AD\n", "\n"),
        ("number: 3\n", ""),
        ("by: AD\n", ""),
        ("10Z\n", "10Z"),
    ],
)
def test_even_a_signed_entry_is_refused_where_it_is_not_written_as_entries_are(
    log: Path, ada: Identity, was: str, now: str
) -> None:
    entry = log / "0003.txt"
    raw = entry.read_bytes()
    assert was.encode() in raw
    entry.write_bytes(raw.replace(was.encode(), now.encode()))
    sign(entry, ada)
    assert refused(log) == f"{LOG}/0003.txt: this entry is not written as entries are"


@pytest.mark.parametrize(
    ("was", "now", "why"),
    [
        ("arpc-log: 1", "arpc-log: 2", "this entry is of a newer form"),
        ("number: 3", "number: 03", "this entry has another number"),
        ("2026-11-22T12", "2026-11-22T11", "this entry is dated before the one before it"),
        ("2026-11-22T12", "2026-11-31T12", "the time of this entry is none"),
        ("2026-11-22T12", "2026-11-22 12", "the time of this entry is none"),
    ],
)
def test_a_signed_entry_that_does_not_follow_is_refused(
    log: Path, ada: Identity, was: str, now: str, why: str
) -> None:
    entry = log / "0003.txt"
    entry.write_text(entry.read_text().replace(was, now))
    sign(entry, ada)
    assert refused(log) == f"{LOG}/0003.txt: {why}"


def test_a_signed_entry_that_is_not_text_is_refused(log: Path, ada: Identity) -> None:
    (log / "0003.txt").write_bytes(b"\xff")
    sign(log / "0003.txt", ada)
    assert refused(log) == f"{LOG}/0003.txt: this entry is not text"


def test_a_folder_that_cannot_be_read_or_written_is_told(
    log: Path, ada: Identity, tmp_path: Path
) -> None:
    (log / "0001.txt").unlink()
    (log / "0001.txt").mkdir()
    assert refused(log).startswith(f"the log {LOG} cannot be read: ")
    (tmp_path / "file").write_text("x")
    with pytest.raises(ArpcError, match=r"0001\.txt could not be written: "):
        write(tmp_path / "file" / LOG, ada, {"event": "create"})


def test_nothing_is_written_after_an_entry_that_was_altered(log: Path, ada: Identity) -> None:
    (log / "0002.txt").write_text("x")
    with pytest.raises(ArpcError, match=r"0002\.txt"):
        write(log, ada, {"event": "grant"})
    assert not (log / "0004.txt").exists()


@pytest.mark.parametrize("reason", ["two\nlines", "two\nby: ZZ", "", " ", "bell\a", "\u2028"])
def test_a_value_is_one_line_of_plain_text(log: Path, ada: Identity, reason: str) -> None:
    with pytest.raises(ArpcError, match="reason: one line of plain text is expected"):
        write(log, ada, {"event": "shred", "reason": reason})
    assert len(logbook.read(log, LOG)) == 3


def test_an_event_cannot_say_again_what_every_entry_says(log: Path, ada: Identity) -> None:
    for key in ("number", "by", "Key"):
        with pytest.raises(ArpcError, match="not written as entries are"):
            write(log, ada, {"event": "grant", key: "1"})
    assert len(logbook.read(log, LOG)) == 3


def test_what_a_check_refuses_is_not_written(log: Path, ada: Identity) -> None:
    seen = []

    def check(before: tuple[logbook.Entry, ...], after: logbook.Entry) -> None:
        seen.append((len(before), after.number, after.signer))
        raise ArpcError("no")

    with pytest.raises(ArpcError, match="no"):
        logbook.append(log, LOG, {"event": "grant"}, "AD", AT, ada, check)
    assert seen == [(3, 4, ada.public)]
    assert len(logbook.read(log, LOG)) == 3


def test_what_somebody_else_wrote_meanwhile_stays_as_it_is(log: Path, ada: Identity) -> None:
    def check(before: tuple[logbook.Entry, ...], after: logbook.Entry) -> None:
        (log / "0004.txt").write_text("theirs")

    with pytest.raises(ArpcError, match="somebody else has written to this log meanwhile"):
        logbook.append(log, LOG, {"event": "grant"}, "AD", AT, ada, check)
    assert (log / "0004.txt").read_text() == "theirs"
    assert not (log / "0004.txt.sig").exists()


def test_a_clock_that_is_behind_does_not_take_the_time_back(log: Path, ada: Identity) -> None:
    write(log, ada, {"event": "grant"}, AT - timedelta(days=1))
    *_, third, fourth = logbook.read(log, LOG)
    assert fourth.time == third.time


def test_times_are_kept_in_utc(log: Path, ada: Identity) -> None:
    at = datetime(2026, 11, 22, 18, 0, 0, 999, tzinfo=timezone(timedelta(hours=5)))
    assert "\ntime: 2026-11-22T13:00:00Z\n" in write(log, ada, {"event": "grant"}, at).read_text()

"""A sealed case from its first day to its end: three people, their clones, a server, a stick.

After each step everything is searched that git, arpc and this computer have kept of it, save the folders in which
somebody who may read the case has it open: no name that was written in it may be found.
"""

from pathlib import Path
from shutil import rmtree

import pytest

from tests.conftest import Run, change
from tests.sealed import Office, begin_in, everything_in_git, git, key, names_in


def searched(office: Office) -> None:
    """Search every object store, stick, temporary file, key store, ring and locked folder for the names."""
    kept = [office.server, *(p for p in office.folder.iterdir() if (p / ".git").is_dir())]
    found = {place.name: everything_in_git(place) for place in kept}
    for place in ("keys", "temporary", "sticks", "home"):
        files = (p for p in (office.folder / place).rglob("*") if p.is_file())
        found[place] = b"".join(p.read_bytes() for p in files)
    found |= {p.name: _all(p) for p in office.folder.glob("ring-*")}
    for clone in kept[1:]:
        locked = [p for p in clone.rglob("*") if p.is_file() and ".git" not in p.parts]
        if not any(office.folder.glob(f"ring-{clone.name}/*/C-*")):
            found[f"{clone.name}, locked"] = b"".join(p.read_bytes() for p in locked)
    for place, raw in found.items():
        assert names_in(raw) == [], place


def _all(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())


@pytest.fixture
def office(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Office:
    for place, setting in (("temporary", "TMPDIR"), ("home", "HOME"), ("sticks", "")):
        (tmp_path / place).mkdir()
        if setting:
            monkeypatch.setenv(setting, str(tmp_path / place))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "home" / "gitconfig"))
    made = Office(tmp_path, run, monkeypatch)
    begin_in(made)
    return made


def test_from_the_first_day_to_the_end(office: Office) -> None:
    case, leila, tom = office.case, office.clone("LK"), office.clone("TB")
    searched(office)

    # Two of the three work on it; the third is of the service and sees that there is a case.
    office.type("LK", "install")
    office.type("LK", "access", "grant", case, "TB")
    office.type("LK", "save")
    for who in ("TB", "JM"):
        office.join(who)
    office.type("TB", "unlock")
    office.type("JM", "unlock")
    assert "is locked here" in office.type("JM", "show", case, fine=2).err
    searched(office)

    # Both write apart: one id twice, one sentence twice.
    for who, where in (("TB", "his mother's"), ("LK", "our office")):
        words = ("with=man", "who=P-01", f"where={where}", "note=He stays with his mother.")
        office.type(who, "add", "session", *words, "-c", case)
        record = office.clone(who) / "cases" / case / "people" / "P-02.yaml"
        change(record, "\nborn:", f"\nborn: {'2018' if who == 'LK' else '2017'} #")
    office.type("TB", "save")
    together = office.type("LK", "save", fine=1)
    assert "your N-001 is N-002 now" in together.out
    assert f"{case}/people/P-02.yaml: both wrote born" in together.out
    searched(office)
    assert "git-conflict" in office.type("LK", "validate", case, fine=1).out
    record = leila / "cases" / case / "people" / "P-02.yaml"
    before, _, rest = record.read_text("utf-8").partition("<<<<<<<")
    record.write_text(f"{before}born: 2018\n{rest.partition('>>>>>>>')[2].partition(chr(10))[2]}")
    office.type("LK", "save")
    office.type("TB", "save")
    assert "P-02: decided between two wordings" in office.type("TB", "history", case).out
    searched(office)

    # Git itself, as somebody may use it.
    for setting, value in (("user.name", "Leila Kassar"), ("user.email", "lk@example.org")):
        office.git("LK", "config", setting, value)
    with (leila / "cases" / case / "people" / "P-03.yaml").open("a", encoding="utf-8") as stream:
        stream.write("# Sian Pryce rang.\n")
    office.git("LK", "stash")
    office.git("LK", "checkout", "-q", "-b", "aside")
    office.git("LK", "stash", "pop")
    office.git("LK", "commit", "-qam", f"{case}: P-03 changed")
    office.git("LK", "checkout", "-q", "main")
    office.git("LK", "cherry-pick", "aside")
    office.git("LK", "branch", "-q", "-D", "aside")
    office.type("LK", "save", "--bundle", str(office.folder / "sticks" / "to-tom.bundle"))
    office.type("TB", "save", "--from", str(office.folder / "sticks" / "to-tom.bundle"))
    assert "Pryce rang" in (tom / "cases" / case / "people" / "P-03.yaml").read_text("utf-8")
    office.type("LK", "save")
    office.type("LK", "render-report", case, "--kind", "chronology", "--format", "md")
    rmtree(leila / "cases" / case / "out")  # what was printed is put away
    searched(office)

    # A record is signed, returned, signed again and approved.
    text = (leila / "service.yaml").read_text("utf-8")
    for name, post in (("Tom Birkett", "practitioner"), ("Judith Mensah", "manager")):
        text = text.replace(f'name: "{name}"', f'name: "{name}"\n    signs_as: {post}')
        text = text.replace(f"name: {name}\n", f"name: {name}\n    signs_as: {post}\n")
    (leila / "service.yaml").write_text(text, "utf-8")
    office.type("LK", "access", "grant", case, "JM")
    office.type("LK", "save")
    office.type("TB", "save")
    office.type("TB", "add", "person", "name=Tomos Rees", "roles=professional", "-c", case)
    office.type("TB", "finish", "P-04", "-c", case)
    office.type("TB", "sign", "P-04", "-c", case)
    office.type("TB", "save")
    office.type("JM", "save")
    office.type("JM", "unlock")
    why = "Is Tomos Rees the one who wrote?"
    office.type("JM", "return", "P-04", "-c", case, "--why", why)
    office.type("JM", "save")
    office.type("TB", "save")
    office.type("TB", "amend", "P-04", "-c", case, "--what", "He wrote.", "--why", "JM asked.")
    office.type("TB", "sign", "P-04", "-c", case)
    office.type("TB", "save")
    office.type("JM", "save")
    office.type("JM", "sign", "P-04", "-c", case)
    office.type("JM", "save")
    digest = office.type("JM", "verify", "--digest").out.split()[0]
    office.type("LK", "save")
    assert "all good" in office.type("LK", "verify", "-c", case).out
    office.type("LK", "verify", "--since", digest)
    searched(office)

    # One leaves, the case goes on under a new key; whoever locks leaves nothing to be read.
    office.type("LK", "access", "revoke", case, "TB")
    office.type("LK", "save")
    assert "Owen Pryce" in (tom / "cases" / case / "people" / "P-01.yaml").read_text("utf-8")
    office.type("TB", "save")
    office.type("TB", "lock", case)
    assert "none has a key for you" in office.type("TB", "unlock").out
    office.type("JM", "save")
    office.type("JM", "unlock")
    refused = office.git("LK", "commit", "--allow-empty", "-m", "Sian rang", fine=1)
    assert "it names somebody" in refused  # what was refused lies in .git until it is locked
    for who in ("LK", "JM"):
        office.type(who, "lock")
    searched(office)
    fresh = office.folder / "fresh"
    git(office.folder, "clone", "-q", str(office.server), str(fresh))
    searched(office)

    # The end, a long time after: two people, a certificate, an answer from each computer.
    office.type("LK", "unlock")
    with (leila / "cases" / case / "case.yaml").open("a", encoding="utf-8") as stream:
        stream.write("\nclosure:\n  date: 2029-03-05\n  review: 2090-01-01\n")
    office.type("LK", "save")
    office.monkeypatch.setenv("ARPC_TODAY", "2091-01-05")
    assert f"{case}" in office.type("LK", "retention").out
    office.type("LK", "shred", case)
    office.type("LK", "save")
    office.type("JM", "save")
    assert "NOT YET COMPLETE" in office.type("JM", "shred", case, "--confirm", case).out
    office.type("JM", "save")
    office.monkeypatch.setenv("ARPC_TODAY", "2091-06-05")
    for who in ("LK", "TB"):
        office.type(who, "save")
        last = office.type(who, "shred", case).out
        office.type(who, "save")
    assert "on 2091-06-05: complete" in last
    assert not list(office.keys.rglob("*.age"))
    assert not list(office.folder.glob("ring-*/*/C-*"))
    searched(office)


def test_the_search_finds_what_it_looks_for(office: Office) -> None:
    """A search that finds nothing anywhere would prove nothing."""
    searched(office)
    (office.folder / "temporary" / "left").write_text("Owen Pryce")
    with pytest.raises(AssertionError, match="temporary"):
        searched(office)
    assert key(office.folder, "LK").is_file()

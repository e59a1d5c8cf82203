"""One ssh key a person: read as ssh-keygen writes it, signing what ssh-keygen checks, and the other way round."""

import base64
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from arpc.errors import ArpcError
from arpc.sealing import identities
from arpc.sealing.identities import Identity, SignatureError

USE = "access@arpc"
WORDS = "enrolled: LK\nreason: é\n".encode()


def keygen(*arguments: str | Path, said: bytes = b"") -> str:
    """What ssh-keygen answers."""
    done = subprocess.run(
        ["ssh-keygen", *map(str, arguments)], input=said, check=True, capture_output=True
    )
    return done.stdout.decode()


def new_key(folder: Path, name: str, passphrase: str = "", kind: str = "ed25519") -> Path:
    """A key that ssh-keygen makes; few rounds, so that tests are quick."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    keygen("-q", "-t", kind, "-a", "1", "-N", passphrase, "-C", f"{name} at home", "-f", path)
    return path


def new_identity(folder: Path, name: str) -> Identity:
    return identities.load(new_key(folder, name), never)


def never() -> str:
    raise AssertionError("nobody is to be asked for a passphrase")


def saying(*answers: str) -> Callable[[], str]:
    left = list(answers)
    return lambda: left.pop(0)


def test_a_key_is_read_and_known_by_its_public_half(tmp_path: Path) -> None:
    path = new_key(tmp_path, "id")
    line = path.with_suffix(".pub").read_text()
    assert identities.load(path, never).public == identities.public_key(line)
    assert line == identities.public_key(line) + " id at home\n"


def test_the_passphrase_is_asked_for_once_and_only_where_there_is_one(tmp_path: Path) -> None:
    path = new_key(tmp_path, "id", "correct horse é")
    identity = identities.load(path, saying("correct horse é"))
    assert identity.public == identities.public_key(path.with_suffix(".pub").read_text())
    assert not hasattr(identity, "__dict__")


@pytest.mark.parametrize("answer", ["wrong", ""])
def test_a_wrong_passphrase_is_said_to_be_wrong(tmp_path: Path, answer: str) -> None:
    path = new_key(tmp_path, "id", "correct horse")
    with pytest.raises(ArpcError, match="that is not the passphrase of"):
        identities.load(path, saying(answer))


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
@pytest.mark.parametrize("passphrase", ["", "correct horse"])
def test_a_key_of_another_type_is_refused_before_a_passphrase_is_asked_for(
    tmp_path: Path, kind: str, passphrase: str
) -> None:
    path = new_key(tmp_path, "id", passphrase, kind)
    with pytest.raises(ArpcError, match="is a key of another type") as caught:
        identities.load(path, never)
    assert "`ssh-keygen -t ed25519`" in caught.value.hint
    with pytest.raises(ArpcError, match="no ssh-ed25519 key"):
        identities.public_key(path.with_suffix(".pub").read_text())


def test_a_key_in_an_older_form_is_refused(tmp_path: Path) -> None:
    keygen("-q", "-t", "rsa", "-m", "PEM", "-N", "", "-f", tmp_path / "id")
    with pytest.raises(ArpcError, match="is no private key of OpenSSH"):
        identities.load(tmp_path / "id", never)


def test_a_key_that_is_cut_off_anywhere_is_told_to_be_no_key_or_damaged(tmp_path: Path) -> None:
    path = new_key(tmp_path, "id")
    raw = path.read_bytes().rstrip()
    begun = len(raw.splitlines()[0])
    for length in range(len(raw)):
        path.write_bytes(raw[:length])
        expected = "is no private key" if length < begun else "is damaged"
        with pytest.raises(ArpcError, match=expected):
            identities.load(path, never)


def test_the_public_file_is_not_taken_for_the_private_one_nor_the_other_way_round(
    tmp_path: Path,
) -> None:
    path = new_key(tmp_path, "id")
    with pytest.raises(ArpcError, match="is the public half") as caught:
        identities.load(path.with_suffix(".pub"), never)
    assert caught.value.hint == "give the file without .pub"
    with pytest.raises(ArpcError, match="private half"):
        identities.public_key(path.read_text())


def test_what_is_not_there_or_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArpcError, match=r"there is no key .*gone"):
        identities.load(tmp_path / "gone", never)
    with pytest.raises(ArpcError, match="cannot be read"):
        identities.load(tmp_path, never)


def test_a_damaged_key_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = new_key(tmp_path, "id")
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines[:3], *lines[4:]]))
    with pytest.raises(ArpcError, match="is damaged"):
        identities.load(path, never)
    for body in ("AAAA\n", "".join(lines[1:-1]).replace("b3Bl", "b3Bm", 1)):
        path.write_text(lines[0] + body + lines[-1])
        with pytest.raises(ArpcError, match="is damaged"):
            identities.load(path, never)


def test_a_cipher_that_is_not_read_here_is_told_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "id"
    cipher = "chacha20-poly1305@openssh.com"
    keygen("-q", "-t", "ed25519", "-a", "1", "-Z", cipher, "-N", "correct horse", "-f", path)
    with pytest.raises(ArpcError, match="in a way that is not read here") as caught:
        identities.load(path, saying("correct horse"))
    assert "ssh-keygen -p" in caught.value.hint


def test_a_signature_is_to_the_byte_what_ssh_keygen_makes(tmp_path: Path) -> None:
    path = new_key(tmp_path, "id")
    made = keygen("-Y", "sign", "-q", "-f", path, "-n", USE, said=WORDS)
    assert identities.load(path, never).sign(WORDS, USE) == made


def test_ssh_keygen_checks_what_was_signed_here(tmp_path: Path) -> None:
    ada, ben = new_identity(tmp_path, "ada"), new_identity(tmp_path, "ben")
    signed, known = tmp_path / "words.sig", tmp_path / "known"
    signed.write_text(ada.sign(WORDS, USE))
    people = [("AD", ada.public), ("BE", ben.public)]
    known.write_text(identities.allowed_signers(people, [USE, "signoff@arpc"]))
    check = ("-Y", "verify", "-f", known, "-s", signed)
    assert "Good" in keygen(*check, "-I", "AD", "-n", USE, said=WORDS)
    for who, use, words in [("BE", USE, WORDS), ("AD", "git", WORDS), ("AD", USE, WORDS + b"x")]:
        with pytest.raises(subprocess.CalledProcessError):
            keygen(*check, "-I", who, "-n", use, said=words)


@pytest.mark.parametrize("digest", ["sha512", "sha256"])
def test_what_ssh_keygen_signed_is_checked_here(tmp_path: Path, digest: str) -> None:
    path = new_key(tmp_path, "id")
    sign = ("-Y", "sign", "-q", "-O", f"hashalg={digest}", "-n", USE)
    made = keygen(*sign, "-f", path, said=WORDS)
    assert identities.verify(made, WORDS, USE) == identities.load(path, never).public


def test_a_signature_of_another_text_or_for_another_use_is_refused(tmp_path: Path) -> None:
    made = new_identity(tmp_path, "id").sign(WORDS, USE)
    with pytest.raises(SignatureError, match="not of this text"):
        identities.verify(made, WORDS + b"\n", USE)
    with pytest.raises(SignatureError, match="for another use"):
        identities.verify(made, WORDS, "signoff@arpc")


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_signature_by_a_key_of_another_type_is_refused(tmp_path: Path, kind: str) -> None:
    path = new_key(tmp_path, "id", kind=kind)
    made = keygen("-Y", "sign", "-q", "-f", path, "-n", USE, said=WORDS)
    with pytest.raises(SignatureError, match="not by an ed25519 key"):
        identities.verify(made, WORDS, USE)


def test_no_byte_of_a_signature_can_be_changed_left_out_or_put_in(tmp_path: Path) -> None:
    made = new_identity(tmp_path, "id").sign(WORDS, USE)
    for at in range(len(made)):
        others = {chr(ord(made[at]) ^ bit) for bit in (1, 2, 4, 8, 16, 32, 64)} | set("\nA=")
        for other in others - {made[at]}:
            with pytest.raises(SignatureError):
                identities.verify(made[:at] + other + made[at + 1 :], WORDS, USE)
        for wrong in (made[:at] + made[at + 1 :], made[:at] + "\n" + made[at:]):
            if wrong != made:
                with pytest.raises(SignatureError):
                    identities.verify(wrong, WORDS, USE)


@pytest.mark.parametrize(
    "text", ["", "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n", "é"]
)
def test_what_is_no_signature_at_all_is_refused(text: str) -> None:
    with pytest.raises(SignatureError, match="no signature"):
        identities.verify(text, WORDS, USE)


def test_a_fingerprint_is_the_one_that_ssh_keygen_prints(tmp_path: Path) -> None:
    path = new_key(tmp_path, "id")
    printed = keygen("-l", "-f", path).split()[1]
    assert identities.fingerprint(identities.load(path, never).public) == printed


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no public ssh key"),
        ("AAAA", "no public ssh key"),
        ("ssh-ed25519 AAAA\nssh-ed25519 AAAA\n", "no public ssh key"),
        ("ssh-ed25519 AAAA", "damaged"),
        ("ssh-ed25519 ****", "damaged"),
        ("sk-ssh-ed25519@openssh.com AAAA", "no ssh-ed25519 key"),
        ('command="x" ssh-ed25519 AAAA', "no ssh-ed25519 key"),
    ],
)
def test_what_is_no_sound_key_is_refused(text: str, why: str) -> None:
    with pytest.raises(ArpcError, match=why):
        identities.public_key(text)


@pytest.mark.parametrize(
    "point",
    [
        "01" + "00" * 31,
        "ec" + "ff" * 30 + "7f",
        "00" * 32,
        "ee" + "ff" * 30 + "7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ],
)
def test_a_key_for_which_one_signature_fits_every_text_is_refused(point: str) -> None:
    blob = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + bytes.fromhex(point)
    with pytest.raises(ArpcError, match="damaged"):
        identities.public_key("ssh-ed25519 " + base64.b64encode(blob).decode())


def test_a_recovery_key_is_one_of_age() -> None:
    import pyrage

    made = str(pyrage.x25519.Identity.generate().to_public())
    assert identities.recovery_key(f"{made}\n") == made
    for wrong in ("age1", made[:-1], made[:-1] + ("q" if made[-1] != "q" else "p")):
        with pytest.raises(ArpcError, match="no public age key"):
            identities.recovery_key(wrong)


def test_a_fingerprint_is_known_by_its_form(tmp_path: Path) -> None:
    found = identities.fingerprint(new_identity(tmp_path / "keys", "ada").public)
    assert identities.is_fingerprint(found)
    for other in ("", found[:-1], f"{found}A", found.replace("SHA256", "MD5"), f"{found}\n"):
        assert not identities.is_fingerprint(other)


def test_a_key_that_is_no_base64_is_damaged() -> None:
    with pytest.raises(ArpcError, match="that ssh-ed25519 key is damaged"):
        identities.public_key("ssh-ed25519 A ada")


def test_whoever_opens_a_key_by_a_link_has_named_it(tmp_path: Path) -> None:
    key = new_key(tmp_path / "keys", "ada")
    (tmp_path / "link").symlink_to(key)
    assert identities.load(tmp_path / "link", never).public.startswith("ssh-ed25519 ")
    with pytest.raises(ArpcError, match="cannot be read: it is a folder"):
        identities.load(tmp_path, never)

"""What the signed logs mean: who is who, who may open a case, and what nobody can write into them."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pyrage
import pytest

from arpc.errors import ArpcError
from arpc.sealing import access, form, identities, logbook, store
from arpc.sealing.access import CaseAccess, People, Signing
from arpc.sealing.identities import Identity
from arpc.sealing.store import Store
from tests.test_identities import new_identity

CASE = "C-7K3Q9X2F"
AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRETS = [bytes([number]) * 32 for number in range(9)]
IDS = [form.key_id(secret) for secret in SECRETS]


class Service(NamedTuple):
    """A service's folder, with the keys of its people, whom it knows by their codes."""

    root: Path
    pinned: str
    keys: dict[str, Identity]

    def who(self, code: str, hour: int = 0, key: str = "") -> Signing:
        """A person who signs at an hour after noon; with another's key if one is named."""
        return Signing(code, AT + timedelta(hours=hour), self.keys[key or code])

    def people(self) -> People:
        return access.people(self.root, self.pinned)

    def case(self) -> CaseAccess:
        return access.case_access(self.root, CASE, self.people())

    def write(self, fields: dict[str, str], who: Signing, log: str = CASE) -> Path:
        """Write an entry, signed and in its place, whatever it says."""
        return logbook.append(self.root / "access" / log, log, fields, who.by, who.at, who.identity)

    def refuses(self, fields: dict[str, str], who: Signing, why: str, log: str = CASE) -> None:
        """An entry is refused where it is read, and the error names it."""
        path = self.write(fields, who, log)
        with pytest.raises(ArpcError, match=why) as caught:
            _ = self.people() if log == "people" else self.case()
        assert str(caught.value).startswith(f"{log}/{path.name}: ")


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """Amara is the root person; Lee, Ben and Zoe are of the service since noon; Eve is not."""
    codes = ("AM", "LK", "BM", "ZZ", "EV", "NEW")
    keys = {code: new_identity(tmp_path / "keys", code) for code in codes}
    root = tmp_path / "service"
    pinned = access.begin(root, Signing("AM", AT, keys["AM"]))
    made = Service(root, pinned, keys)
    for code in ("LK", "BM", "ZZ"):
        access.enrol(root, pinned, made.who("AM"), code, f"{keys[code].public} {code} at work\n")
    return made


@pytest.fixture
def held(service: Service) -> Service:
    """The service with a case that Lee and Ben hold."""
    everybody = service.people()
    access.create(service.root, CASE, everybody, service.who("LK", 1), IDS[1], "LK")
    access.grant(service.root, CASE, everybody, service.who("LK", 1), "BM")
    return service


def refused(do: Callable[[], object], why: str, folder: Path) -> None:
    """Writing is refused, with a reason that names no entry, and nothing is written."""
    before = sorted(folder.rglob("*"))
    with pytest.raises(ArpcError, match=why) as caught:
        do()
    assert ".txt" not in str(caught.value)
    assert sorted(folder.rglob("*")) == before


# People


def test_the_root_person_enrols_themself_and_others(service: Service) -> None:
    people = service.people()
    assert list(people.current) == ["AM", "LK", "BM", "ZZ"]
    assert people.of("AM").is_root and not people.of("LK").is_root
    assert people.of("LK") == ("LK", service.keys["LK"].public, False, AT, None)
    assert people.fingerprint == identities.fingerprint(service.keys["AM"].public)
    assert people.recovery == ""


def test_people_can_be_read_out_of_a_commit(service: Service) -> None:
    folder = service.root / "access/people"
    contents = {path.name: path.read_bytes() for path in folder.iterdir()}
    entries = logbook.entries(contents, "people")
    assert access.people_of(entries, service.pinned) == service.people()


def test_a_folder_that_somebody_else_began_is_not_believed(
    service: Service, tmp_path: Path
) -> None:
    planted = tmp_path / "planted"
    access.begin(planted, service.who("AM", key="EV"))
    with pytest.raises(
        ArpcError, match=r"people/0001\.txt: this folder was begun by somebody"
    ) as e:
        access.people(planted, service.pinned)
    assert "may be planted" in e.value.hint
    shutil.rmtree(service.root / "access/people")
    shutil.copytree(planted / "access/people", service.root / "access/people")
    with pytest.raises(ArpcError, match="begun by somebody else"):
        service.people()


def test_a_folder_without_people_is_told(tmp_path: Path) -> None:
    with pytest.raises(ArpcError, match="nobody is enrolled here yet"):
        access.people(tmp_path, "SHA256:x")


def test_people_are_begun_once(service: Service) -> None:
    refused(
        lambda: access.begin(service.root, service.who("EV")),
        "people are enrolled here already",
        service.root,
    )


def test_the_first_entry_enrols_its_own_signer_as_a_root_person(
    service: Service, tmp_path: Path
) -> None:
    key = service.keys["AM"].public
    good = {"event": "enrol", "person": "AM", "key": key, "root": "yes"}
    for number, wrong in enumerate(
        ({"person": "LK"}, {"root": "no"}, {"key": service.keys["LK"].public})
    ):
        other = service._replace(root=tmp_path / str(number))
        why = "has to enrol the root person who signs it"
        other.refuses({**good, **wrong}, service.who("AM"), why, "people")


def test_only_a_root_person_enrols_renews_and_lets_go(service: Service) -> None:
    root, pinned = service.root, service.pinned
    new = service.keys["NEW"].public
    for signing in (
        service.who("LK"),
        service.who("EV"),
        service.who("AM", key="LK"),
        service.who("AM", key="EV"),
    ):
        for do in (
            lambda by: access.enrol(root, pinned, by, "NEW", new),
            lambda by: access.renew(root, pinned, by, "LK", new),
            lambda by: access.leave(root, pinned, by, "BM"),
        ):
            refused(lambda do=do, by=signing: do(by), "only a root person may sign that", root)
    fields = {"event": "leave", "person": "BM"}
    service.refuses(fields, service.who("AM", key="LK"), "only a root person", "people")


def test_a_second_root_person_may_do_what_the_first_may(service: Service) -> None:
    root, pinned = service.root, service.pinned
    access.enrol(root, pinned, service.who("AM"), "NEW", service.keys["NEW"].public, is_root=True)
    access.leave(root, pinned, service.who("NEW", 1), "AM")
    assert list(service.people().current) == ["LK", "BM", "ZZ", "NEW"]
    refused(
        lambda: access.enrol(root, pinned, service.who("AM", 2), "EV", service.keys["EV"].public),
        "only a root person",
        root,
    )


@pytest.mark.parametrize("event", ["renew", "leave"])
def test_what_a_clock_that_was_ahead_has_dated_stays_good_when_the_key_goes(
    held: Service, event: str
) -> None:
    access.grant(held.root, CASE, held.people(), held.who("LK", 50), "ZZ")
    by = held.who("AM", 3)  # hours before, as the clocks of the two computers say
    if event == "leave":
        access.leave(held.root, held.pinned, by, "LK")
    else:
        access.renew(held.root, held.pinned, by, "LK", held.keys["NEW"].public)
    assert "ZZ" in held.case().holders


def test_the_last_root_person_cannot_leave(service: Service) -> None:
    refused(
        lambda: access.leave(service.root, service.pinned, service.who("AM"), "AM"),
        "the last root person cannot leave",
        service.root,
    )


def test_who_left_is_known_and_their_code_is_never_given_again(service: Service) -> None:
    access.leave(service.root, service.pinned, service.who("AM", 5), "LK")
    people = service.people()
    assert "LK" not in people.current
    assert people.of("LK").left == AT + timedelta(hours=5)
    for again, why in (
        (lambda: access.leave(service.root, service.pinned, service.who("AM", 6), "LK"), "left"),
        (
            lambda: access.renew(
                service.root, service.pinned, service.who("AM", 6), "LK", service.keys["NEW"].public
            ),
            "LK has left",
        ),
        (
            lambda: access.enrol(
                service.root, service.pinned, service.who("AM", 6), "LK", service.keys["NEW"].public
            ),
            "the code LK is or was somebody's already",
        ),
    ):
        refused(again, why, service.root)


def test_a_key_is_a_persons_from_when_it_was_enrolled_until_it_was_not(service: Service) -> None:
    old, new = service.keys["LK"].public, service.keys["NEW"].public
    access.renew(service.root, service.pinned, service.who("AM", 2), "LK", new)
    access.leave(service.root, service.pinned, service.who("AM", 4), "LK")
    people = service.people()
    hours = [people.key_then("LK", AT + timedelta(hours=hour)) for hour in (-1, 0, 1, 2, 3, 4)]
    assert hours == [set(), {old}, {old}, {new}, {new}, set()]
    assert people.of("LK").key == new
    assert people.key_then("EV", AT) == set()


def test_a_key_is_never_two_peoples_nor_taken_up_again(service: Service) -> None:
    root, pinned, lee = service.root, service.pinned, service.keys["LK"].public
    why = "this key is or was somebody's already"
    refused(lambda: access.enrol(root, pinned, service.who("AM"), "EV", lee), why, root)
    refused(lambda: access.renew(root, pinned, service.who("AM"), "LK", lee), why, root)
    access.renew(root, pinned, service.who("AM"), "LK", service.keys["NEW"].public)
    refused(lambda: access.renew(root, pinned, service.who("AM"), "LK", lee), why, root)
    fields = {"event": "enrol", "person": "EV", "key": lee, "root": "no"}
    service.refuses(fields, service.who("AM"), why, "people")


def test_the_recovery_key_is_the_last_one_named(service: Service) -> None:
    for _ in range(2):
        key = str(pyrage.x25519.Identity.generate().to_public())
        access.recover_with(service.root, service.pinned, service.who("AM"), f"{key}\n")
        assert service.people().recovery == key
    with pytest.raises(ArpcError, match="no public age key"):
        access.recover_with(service.root, service.pinned, service.who("AM"), "age1")
    fields = {"event": "recovery", "key": key.upper()}
    service.refuses(fields, service.who("AM"), "not written as keys are", "people")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"event": "promote", "person": "LK"}, "an event that is not known"),
        ({"person": "LK"}, "an event that is not known"),
        ({"event": "leave", "who": "LK"}, "the lines of an entry for leave are others"),
        ({"event": "leave", "person": "LK", "why": "x"}, "the lines of an entry for leave"),
        ({"event": "leave", "person": "Lee"}, "no code of a person"),
        ({"event": "leave", "person": "QQ"}, "nobody with the code QQ is enrolled"),
        ({"event": "renew", "person": "LK", "key": "ssh-ed25519 AAAA"}, "damaged"),
    ],
)
def test_an_entry_about_people_that_makes_no_sense_is_refused(
    service: Service, fields: dict[str, str], why: str
) -> None:
    service.refuses(fields, service.who("AM"), why, "people")


@pytest.mark.parametrize(
    ("code", "root", "comment", "why"),
    [
        ("lee", "no", "", "no code of a person"),
        ("LKLKL", "no", "", "no code of a person"),
        ("EV", "maybe", "", "yes or no"),
        ("EV", "no", " eve at home", "not written as keys are"),
    ],
)
def test_an_enrolment_that_makes_no_sense_is_refused(
    service: Service, code: str, root: str, comment: str, why: str
) -> None:
    key = service.keys["EV"].public + comment
    fields = {"event": "enrol", "person": code, "key": key, "root": root}
    service.refuses(fields, service.who("AM"), why, "people")


# Cases


def test_a_case_is_held_by_whom_it_was_created_for_and_let_in(held: Service) -> None:
    case = held.case()
    assert case.holders == {"LK", "BM"}
    assert case.generations == {1: IDS[1]}
    assert [entry.fields["event"] for entry in case.events] == ["create", "grant"]
    assert (case.shred, case.agreed, case.receipts) == (None, None, ())


def test_a_case_without_a_log_is_told(service: Service) -> None:
    with pytest.raises(ArpcError, match=f"nothing says who may open {CASE}"):
        service.case()
    with pytest.raises(ArpcError, match="no id of a case"):
        access.case_access(service.root, "../people", service.people())


def test_who_is_taken_off_holds_the_case_no_more_and_a_new_key_follows(held: Service) -> None:
    everybody = held.people()
    access.revoke(held.root, CASE, everybody, held.who("LK", 2), "BM")
    access.rotate(held.root, CASE, everybody, held.who("LK", 2), 2, IDS[2])
    assert held.case().holders == {"LK"}
    assert held.case().generations == {1: IDS[1], 2: IDS[2]}
    for do in (
        lambda: access.grant(held.root, CASE, everybody, held.who("BM", 3), "BM"),
        lambda: access.revoke(held.root, CASE, everybody, held.who("BM", 3), "LK"),
        lambda: access.rotate(held.root, CASE, everybody, held.who("BM", 3), 3, IDS[3]),
    ):
        refused(do, "BM does not hold this case", held.root)


def test_who_does_not_hold_a_case_cannot_let_themself_in(held: Service) -> None:
    for code in ("ZZ", "AM"):
        refused(
            lambda code=code: access.grant(held.root, CASE, held.people(), held.who(code, 2), code),
            f"{code} does not hold this case",
            held.root,
        )
    fields = {"event": "grant", "person": "ZZ"}
    held.refuses(fields, held.who("ZZ", 2), "ZZ does not hold this case")


def test_nobody_signs_for_somebody_else(held: Service) -> None:
    why = "not signed with the key that was LK's at that time"
    refused(
        lambda: access.grant(held.root, CASE, held.people(), held.who("LK", 2, "ZZ"), "ZZ"),
        why,
        held.root,
    )
    held.refuses({"event": "grant", "person": "ZZ"}, held.who("LK", 2, "EV"), why)


def test_a_key_that_was_swapped_in_the_log_of_people_is_seen(service: Service) -> None:
    entry = service.root / "access/people/0004.txt"
    zoe, eve = service.keys["ZZ"].public, service.keys["EV"].public
    entry.write_text(entry.read_text().replace(zoe, eve))
    with pytest.raises(ArpcError, match=r"people/0004\.txt: the signature is not of this text"):
        service.people()
    signature = service.keys["EV"].sign(entry.read_bytes(), logbook.NAMESPACE)
    entry.with_name("0004.txt.sig").write_text(signature)
    with pytest.raises(ArpcError, match=r"people/0004\.txt: only a root person"):
        service.people()


def test_what_was_signed_with_an_old_key_stays_good_and_what_is_signed_later_does_not(
    held: Service,
) -> None:
    new = held.keys["NEW"].public
    access.renew(held.root, held.pinned, held.who("AM", 3), "LK", new)
    access.leave(held.root, held.pinned, held.who("AM", 3), "BM")
    assert held.case().holders == {"LK", "BM"}
    everybody = held.people()
    for code in ("LK", "BM"):
        refused(
            lambda code=code: access.grant(held.root, CASE, everybody, held.who(code, 4), "ZZ"),
            f"not signed with the key that was {code}'s",
            held.root,
        )
    access.grant(held.root, CASE, everybody, held.who("LK", 4, "NEW"), "ZZ")
    assert held.case().holders == {"LK", "BM", "ZZ"}


def test_an_old_key_cannot_sign_for_a_time_before_the_last_entry(held: Service) -> None:
    access.leave(held.root, held.pinned, held.who("AM", 3), "BM")
    everybody = held.people()
    access.revoke(held.root, CASE, everybody, held.who("LK", 4), "BM")
    access.grant(held.root, CASE, everybody, held.who("LK", 4), "ZZ")
    entry = held.write({"event": "shred", "reason": "x"}, held.who("BM", 4))
    entry.write_text(entry.read_text().replace("T16", "T14"))
    signature = held.keys["BM"].sign(entry.read_bytes(), logbook.NAMESPACE)
    entry.with_name(f"{entry.name}.sig").write_text(signature)
    with pytest.raises(ArpcError, match="dated before the one before it"):
        held.case()


def test_only_people_of_the_service_are_let_in(held: Service) -> None:
    access.leave(held.root, held.pinned, held.who("AM", 2), "ZZ")
    for code in ("ZZ", "EV"):
        refused(
            lambda code=code: access.grant(held.root, CASE, held.people(), held.who("LK", 3), code),
            f"{code} is not enrolled at that time",
            held.root,
        )


def test_somebody_always_holds_a_case(held: Service) -> None:
    everybody = held.people()
    access.revoke(held.root, CASE, everybody, held.who("LK", 2), "BM")
    why = "nobody would hold this case any more"
    refused(
        lambda: access.revoke(held.root, CASE, everybody, held.who("LK", 2), "LK"), why, held.root
    )


def test_who_has_left_does_not_count_as_holding_it(held: Service) -> None:
    access.leave(held.root, held.pinned, held.who("AM", 2), "BM")
    refused(
        lambda: access.revoke(held.root, CASE, held.people(), held.who("LK", 3), "LK"),
        "nobody would hold this case any more",
        held.root,
    )


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"event": "open", "person": "LK"}, "an event that is not known"),
        ({"event": "grant"}, "the lines of an entry for grant are others"),
        ({"event": "grant", "person": "BM"}, "BM holds this case already"),
        ({"event": "grant", "person": "Ben"}, "no code of a person"),
        ({"event": "revoke", "person": "ZZ"}, "ZZ does not hold this case"),
        ({"event": "rotate", "generation": "1", "key-id": IDS[2]}, "grow by one"),
        ({"event": "rotate", "generation": "3", "key-id": IDS[2]}, "grow by one"),
        ({"event": "rotate", "generation": "02", "key-id": IDS[2]}, "grow by one"),
        ({"event": "rotate", "generation": "2", "key-id": IDS[1]}, "no id of a new key"),
        ({"event": "rotate", "generation": "2", "key-id": "8EC5"}, "no id of a new key"),
        (
            {"event": "create", "generation": "1", "key-id": IDS[2], "person": "LK"},
            "created already",
        ),
        ({"event": "shred-agreed", "computers": "none"}, "nobody has ordered"),
        ({"event": "receipt", "person": "LK", "device": "laptop-3"}, "not erased"),
    ],
)
def test_an_entry_about_a_case_that_makes_no_sense_is_refused(
    held: Service, fields: dict[str, str], why: str
) -> None:
    held.refuses(fields, held.who("LK", 2), why)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"event": "grant", "person": "LK"}, "nothing has created this case"),
        ({"event": "create", "generation": "2", "key-id": IDS[2], "person": "LK"}, "by one"),
        ({"event": "create", "generation": "1", "key-id": IDS[2], "person": "EV"}, "not enrolled"),
    ],
)
def test_a_case_begins_with_its_creation_by_the_first_key(
    service: Service, fields: dict[str, str], why: str
) -> None:
    service.refuses(fields, service.who("LK", 2), why)


def test_a_case_may_be_created_for_somebody_else(service: Service) -> None:
    access.create(service.root, CASE, service.people(), service.who("AM", 1), IDS[1], "LK")
    assert service.case().holders == {"LK"}


def test_two_who_wrote_at_once_do_not_both_stand(held: Service, tmp_path: Path) -> None:
    other = held._replace(root=tmp_path / "laptop")
    shutil.copytree(held.root, other.root)
    access.grant(held.root, CASE, held.people(), held.who("LK", 2), "ZZ")
    access.revoke(other.root, CASE, other.people(), other.who("BM", 2), "LK")
    access.rotate(other.root, CASE, other.people(), other.who("BM", 2), 2, IDS[2])
    for name in ("0004.txt", "0004.txt.sig"):
        shutil.copy(other.root / "access" / CASE / name, held.root / "access" / CASE / name)
    with pytest.raises(ArpcError, match=r"0004\.txt: this entry does not follow"):
        held.case()


# Erasing


def test_a_case_is_erased_when_two_people_sign_and_each_device_answers(held: Service) -> None:
    everybody = held.people()
    reason = "six years after closure"
    access.order_shredding(held.root, CASE, everybody, held.who("LK", 2), reason)
    ordered = held.case()
    assert ordered.shred and ordered.shred.fields["reason"] == reason and not ordered.agreed
    access.agree_shredding(held.root, CASE, everybody, held.who("ZZ", 3), ())
    access.give_receipt(held.root, CASE, everybody, held.who("LK", 4), "laptop-3")
    access.give_receipt(held.root, CASE, everybody, held.who("ZZ", 4), "laptop-7")
    done = held.case()
    assert done.agreed and done.agreed.by == "ZZ"
    assert [(receipt.person, receipt.device) for receipt in done.receipts] == [
        ("LK", "laptop-3"),
        ("ZZ", "laptop-7"),
    ]


def test_erasing_is_ordered_by_a_holder_or_a_root_person(held: Service) -> None:
    everybody = held.people()
    refused(
        lambda: access.order_shredding(held.root, CASE, everybody, held.who("ZZ", 2), "x"),
        "ZZ neither holds this case nor is a root person",
        held.root,
    )
    access.order_shredding(held.root, CASE, everybody, held.who("AM", 2), "x")
    refused(
        lambda: access.order_shredding(held.root, CASE, everybody, held.who("LK", 2), "x"),
        "ordered already",
        held.root,
    )


def test_nobody_agrees_to_their_own_order(held: Service) -> None:
    everybody = held.people()
    access.order_shredding(held.root, CASE, everybody, held.who("LK", 2), "x")
    why = "the one who ordered it cannot agree to it"
    refused(
        lambda: access.agree_shredding(held.root, CASE, everybody, held.who("LK", 3), ()),
        why,
        held.root,
    )
    held.refuses({"event": "shred-agreed", "computers": "none"}, held.who("LK", 3), why)


def test_only_receipts_follow_and_each_for_oneself(held: Service) -> None:
    everybody = held.people()
    access.order_shredding(held.root, CASE, everybody, held.who("LK", 2), "x")
    access.agree_shredding(held.root, CASE, everybody, held.who("BM", 2), ())
    for do in (
        lambda: access.grant(held.root, CASE, everybody, held.who("LK", 3), "ZZ"),
        lambda: access.rotate(held.root, CASE, everybody, held.who("LK", 3), 2, IDS[2]),
        lambda: access.order_shredding(held.root, CASE, everybody, held.who("LK", 3), "x"),
        lambda: access.agree_shredding(held.root, CASE, everybody, held.who("ZZ", 3), ()),
    ):
        refused(do, "this case is erased: only receipts can follow", held.root)
    fields = {"event": "receipt", "person": "BM", "device": "laptop-3"}
    held.refuses(fields, held.who("LK", 3), "a receipt is given for oneself")


# What the log cannot show by itself


def test_a_log_that_was_rolled_back_is_seen_by_the_later_key_in_the_store(
    held: Service, tmp_path: Path
) -> None:
    keys = Store(tmp_path / "share")
    keys.start()
    lee = held.keys["LK"].public
    keys.put(CASE, 1, IDS[1], "LK", store.wrap(SECRETS[1], CASE, 1, [lee]))
    access.check_against_store(held.case(), keys.generations(CASE))
    access.revoke(held.root, CASE, held.people(), held.who("LK", 2), "BM")
    access.rotate(held.root, CASE, held.people(), held.who("LK", 2), 2, IDS[2])
    access.check_against_store(held.case(), keys.generations(CASE))
    keys.put(CASE, 2, IDS[2], "LK", store.wrap(SECRETS[2], CASE, 2, [lee]))
    access.check_against_store(held.case(), keys.generations(CASE))
    for name in ("0003.txt", "0004.txt"):
        (held.root / "access" / CASE / name).unlink()
        (held.root / "access" / CASE / f"{name}.sig").unlink()
    rolled_back = held.case()
    assert rolled_back.holders == {"LK", "BM"}
    with pytest.raises(ArpcError, match=r"has generation 2 of .*, the signed record only 1") as e:
        access.check_against_store(rolled_back, keys.generations(CASE))
    assert "fetch what colleagues have saved" in e.value.hint


def test_from_the_logs_and_the_store_each_gets_the_keys_that_are_theirs(
    held: Service, tmp_path: Path
) -> None:
    keys = Store(tmp_path / "share")
    keys.start()
    case, everybody = held.case(), held.people()
    for code in case.holders:
        raw = store.wrap(SECRETS[1], CASE, 1, [everybody.of(code).key])
        keys.put(CASE, 1, case.generations[1], code, raw)
    [found] = keys.wrapped(CASE, "BM")
    key_id = case.generations[found.generation]
    assert found.prefix == key_id[:8]
    opened = store.unwrap(found.raw, held.keys["BM"], CASE, found.generation, key_id)
    assert opened == SECRETS[1]
    with pytest.raises(ArpcError, match="does not open"):
        store.unwrap(found.raw, held.keys["ZZ"], CASE, found.generation, key_id)

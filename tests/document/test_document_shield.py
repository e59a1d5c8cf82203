from document_nasty import NASTY, fuzzed_text
from hypothesis import given

from arpc.document.shield import clean, shield, unshield


@given(fuzzed_text)
def test_shielding_twice_is_shielding_once(text):
    assert shield(shield(clean(text))) == shield(clean(text))


@given(fuzzed_text)
def test_what_is_shielded_comes_back(text):
    text = clean(text)
    assert unshield(shield(text)) == text.replace("\t", " ")


def test_shielded_text_holds_only_letters_digits_marks_and_single_inner_spaces():
    for text in NASTY:
        shielded = shield(text)
        assert not set(shielded) & set("#*_-+=>|`~$@<>&\\[]{}()!^:;'\"/%.,\n\t\u00a0")
        assert "  " not in shielded
        assert shielded == shielded.strip()


def test_an_empty_text_is_shielded_as_something_that_restores_to_nothing():
    assert shield("")
    assert unshield(shield("")) == ""


def test_text_that_was_never_shielded_is_unchanged():
    assert unshield("**A** | b") == "**A** | b"


def test_cleaning_makes_line_ends_alike():
    assert clean("a\r\nb\rc\u2028d\u0085e") == "a\nb\nc\nd\ne"


def test_cleaning_drops_what_reorders_text_and_marks_what_cannot_be_printed():
    assert clean("a\u202eb\u2067c\ufeffd\U000e0041e") == "abcde"
    assert (
        clean("a\x00b\ue000c\ufffed\U000f0041e\U0002ffff") == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffd"
    )


def test_cleaning_keeps_letters_of_all_scripts_and_their_joiners():
    text = "Łódź محمد שרה 李小龙 ਸੁਖਦੀਪ नमस्ते\u200dक e\u0301 👩\u200d👧\ufe0f"
    assert clean(text) == text

"""The limits of a report say only what is so."""

import pytest

from arpc.reporting import weighing

BASES = {f"basis/A-0{n}.yaml": "basis_status: alleged_nfa_police\n" for n in (1, 2)}
ASSUMING = "  - {{id: J{0}, assumes: [A-01], confidence: low{1}}}\n"


@pytest.mark.parametrize(
    ("judgements", "said", "unsaid"),
    [
        ("  - {id: J1, confidence: high}\n", [], ["judgement assumes", "otherwise", "low"]),
        (
            ASSUMING.format(1, ", if_not: Less., would_settle: The log."),
            [
                "it says so and says what it would be otherwise.",
                "Confidence is low in J1; what would settle it is named there.",
            ],
            ["not recorded in", "is not recorded."],
        ),
        (
            ASSUMING.format(1, "") + ASSUMING.format(2, ", if_not: Less., would_settle: It."),
            [
                "something happened, it says so. What it would be otherwise is not recorded in J1.",
                "Confidence is low in J2; what would settle it is named there.",
                "Confidence is low in J1; what would settle it is not recorded.",
            ],
            ["says what it would be"],
        ),
    ],
)
def test_what_is_not_written_in_a_judgement_is_not_said_to_be_there(
    as_of, judgements: str, said: list[str], unsaid: list[str]
) -> None:
    view = as_of({**BASES, "analysis/J-01.yaml": f"judgements:\n{judgements}"})
    analysis = view.file.analysis
    assert analysis is not None
    text = " ".join(weighing.limits(view, analysis))
    assert "A-01, A-02 are not recorded as proved." in text
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []

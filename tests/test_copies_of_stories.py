"""Every copy of a sample of the stories: it says what it must, shows no more, and loses no word.

`--full` takes every story, as `.ci/full` does.
"""

import re
from datetime import date
from pathlib import Path

import page
import pytest

from arpc import audiences, copying, loading
from arpc.document import markdown
from arpc.errors import ArpcError
from arpc.provisions import AsOf
from arpc.reporting import catalogue
from arpc.service import open_service
from tests.test_reports import source_of, words_of

STORIES = sorted(p for p in (Path(__file__).parent / "stories").iterdir() if p.is_dir())
ONE_IN = 12  # stories
NOT_THERE = ("there is no", "no letter is written", "no extract is listed", "no turning points")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    step = 1 if metafunc.config.getoption("--full") else ONE_IN
    if "story" in metafunc.fixturenames:
        metafunc.parametrize("story", STORIES[::step], ids=lambda path: path.name)


def every_copy(as_of: AsOf):
    for kind, makers in catalogue.KINDS.items():
        for reader in audiences.readers(as_of.file):
            if reader.audience.name in makers:
                yield kind, reader


def test_every_copy_of_a_story_is_accessible_whole_and_shows_no_more(
    story: Path, tmp_path: Path
) -> None:
    [case] = [folder for folder in story.iterdir() if folder.name.startswith("C-")]
    day = max(date.fromisoformat(path.stem) for path in story.glob("expected/*.txt"))
    as_of = AsOf(loading.load(case, case.name).file, day, open_service(story).service)
    made_of = 0
    for kind, reader in every_copy(as_of):
        try:
            made, forms = copying.copy(
                as_of, kind, reader=reader, forms=("md", "html", "pdf", "docx")
            )
        except ArpcError as error:
            assert str(error).startswith(NOT_THERE), error
            continue
        made_of += 1
        path = tmp_path / "copy.pdf"
        path.write_bytes(forms["pdf"])
        for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_2A):
            found = str(page.validate_pdf(path, profile=profile))
            assert not re.findall(r"^\[(?!PDFA2A-STREAM-LENGTH-001).*", found, re.MULTILINE)
        printed = words_of(forms["pdf"])
        plain = markdown.plain_text(markdown.parse(source_of(made)))
        assert [w for w in plain.replace(" | ", " ").split() if w not in printed] == []
    assert made_of >= 5

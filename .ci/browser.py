#!/usr/bin/env python3
"""Read every report in a browser as readers with different needs do: `.ci/full` runs this.

    PYTHONPATH=tests/document python .ci/browser.py [--pictures FOLDER]

Reports are found through `arpc.reporting.catalogue`, so that a new kind is read without a line here.
"""

import argparse
import json
import sys
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from document_nasty import NASTY, hard_markdown
from document_sample import FAMILY, MATTER, source
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from arpc import audiences, copying, loading
from arpc.document.figures import Figure
from arpc.document.html import to_html
from arpc.document.markdown import parse
from arpc.document.shield import shield
from arpc.errors import ArpcError
from arpc.pictures import dated, genogram, svg, timeline
from arpc.provisions import AsOf
from arpc.reporting import catalogue, rendering
from arpc.service import case_folders, open_service

EXAMPLES = Path(__file__).parent.parent / "examples"
SCRIPT = Path(__file__).with_suffix(".js").read_text("utf-8")
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
MOST_TABS = 150
PICTURED, MOST_PICTURED = 1800, 18_000  # pixels of a picture, and of a page


class Variant(NamedTuple):
    """A page to read, and what to call it."""

    name: str
    html: str


class Way(NamedTuple):
    """A way of reading a page; `width` is in CSS pixels."""

    name: str
    width: int = 1280
    scheme: str = "light"
    spaced: bool = False


WAYS = (
    Way("light"),
    Way("dark", scheme="dark"),
    Way("zoom", width=640),  # 200 % of a window of 1280 pixels
    Way("reflow", width=320),  # WCAG 1.4.10
    Way("spacing", spaced=True),  # WCAG 1.4.12
    Way("narrow-spacing", width=320, spaced=True),
)
TITLES = ("axe", "unsure", *(way.name for way in WAYS), "keyboard", "requests", "policy")
Found = dict[str, set[str]]


def main() -> int:
    """Read every page in every way, print a table, and return the exit code."""
    parser = argparse.ArgumentParser(description="Read every report in a browser.")
    parser.add_argument("--pictures", type=Path, help="where to put what each page looks like")
    pictures = parser.parse_args().pictures
    faults = 0
    print(f"{'':32}" + "".join(f"  {title}" for title in TITLES))
    with tempfile.TemporaryDirectory() as folder:
        for variant in variants():
            path = Path(folder) / f"{variant.name}.html"
            path.write_text(variant.html, "utf-8")
            found = read(path, pictures)
            figures = (f"  {len(found[title]):>{len(title)}}" for title in TITLES)
            print(f"{variant.name:32}" + "".join(figures))
            for title in TITLES:
                print("".join(f"    {title}: {line}\n" for line in sorted(found[title])), end="")
            sys.stdout.flush()
            faults += sum(map(len, found.values()))
    print(f"{faults} faults")
    return 1 if faults else 0


def variants() -> Iterator[Variant]:
    """Every report of every example, and documents that are harder than any report."""
    today = open_service(EXAMPLES).service
    assert today.practice_today
    for folder in case_folders(EXAMPLES):
        as_of = AsOf(loading.load(folder, "").file, today.practice_today, today)
        for made in _reports(as_of):
            drawn = copying.pictures(made)
            html = rendering.render(made.report, made.template, ("html",), drawn)["html"].decode()
            yield Variant(f"{as_of.file.id}-{made.name}", html)
        yield Variant(f"{as_of.file.id}-pictures", _pictures(as_of))
    yield Variant("sample", to_html(parse(source()), MATTER, [FAMILY]))
    long = replace(MATTER, title="t " * 90, author="x" * 300)
    yield Variant("hard", to_html(parse(hard_markdown(Random(5))), long))
    yield Variant("nasty", to_html(parse(_nasty()), replace(MATTER, title=" ".join(NASTY))))
    bare = replace(MATTER, status="", practice="", valid_until="", subtitle="", title="A")
    yield Variant("empty", to_html(parse(""), bare))


def _reports(as_of: AsOf) -> Iterator[catalogue.Made]:
    """Every report that there is of a case: each kind for each reader, as a whole and of each record."""
    seen = set()
    records = ("", *(record.id for record in as_of.file.records))
    for kind, reader, of in product(catalogue.KINDS, audiences.readers(as_of.file), records):
        try:
            made = catalogue.make(as_of, kind, of, reader=reader)
        except ArpcError:  # there is none for this reader, or it is not about such a record
            continue
        if made.name not in seen:
            seen.add(made.name)
            yield made


def _pictures(as_of: AsOf) -> str:
    drawings = {
        "family": genogram.draw(as_of),
        "course": timeline.draw(dated.story(as_of)),
        "short": timeline.draw(dated.story(as_of, short=True)),
    }
    figures = [
        Figure(name, svg.write(drawing), drawing.description, drawing.title)
        for name, drawing in drawings.items()
    ]
    markdown = "\n\n".join(f"# {name}\n\n::: figure {name}\n:::" for name in drawings)
    return to_html(parse(markdown), MATTER, figures)


def _nasty() -> str:
    rows = "".join(f"| {shield(text)} | b |\n" for text in NASTY)
    quotes = "".join(f"::: quote {shield(text)}\n{shield(text)}\n:::\n\n" for text in NASTY)
    return f"# a\n\n| a | b |\n|---|---|\n{rows}\n\n{quotes}"


def read(path: Path, pictures: Path | None) -> Found:
    """Read one page in every way; return what is wrong, by the title of its column."""
    found: Found = {title: set() for title in TITLES}
    with _browser() as browser:
        page = Page(browser, path)
        for way in WAYS:
            page.open(way)
            found[way.name].update(page.call("layout"))
            if pictures:
                page.pictures(pictures / path.stem / way.name, way.width)
            axe = page.call("axes", TAGS)
            found["axe"].update(axe["violations"])
            found["unsure"].update(axe["unsure"])
        page.open(WAYS[0])
        if pictures:
            page.print(pictures / f"{path.stem}.pdf")
        found["keyboard"].update(page.keyboard())
        found["requests"].update(page.requests())
        found["policy"].update([*page.complaints(), *page.call("intrude")])
    return found


def _browser() -> webdriver.Chrome:
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for argument in ("headless", "no-sandbox", "hide-scrollbars", "disable-dev-shm-usage"):
        options.add_argument(f"--{argument}")
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return webdriver.Chrome(options, Service("/usr/bin/chromedriver"))


class Page:
    """A page in the browser."""

    def __init__(self, browser: webdriver.Chrome, path: Path) -> None:
        self._browser = browser
        self._address = path.as_uri()

    def open(self, way: Way) -> None:
        """Load the page anew, to be read in this way."""
        size = {"width": way.width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        scheme = {"name": "prefers-color-scheme", "value": way.scheme}
        self._cdp("Emulation.setDeviceMetricsOverride", size)
        self._cdp("Emulation.setEmulatedMedia", {"features": [scheme]})
        self._browser.get(self._address)
        self._browser.execute_script(f"{AXE};{SCRIPT};Object.assign(window, {{{_NAMES}}})")
        if way.spaced:
            self.call("space")

    def call(self, name: str, *arguments: object) -> Any:
        """Call a function of browser.js, which the page's policy doesn't stop."""
        return self._browser.execute_script(f"return {name}(...arguments)", *arguments)

    def keyboard(self) -> list[str]:
        """Press Tab until the page ends, and say where one would be lost."""
        told = []
        for _ in range(min(self.call("stops"), MOST_TABS)):
            for kind in ("keyDown", "keyUp"):
                key = {"type": kind, "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
                self._cdp("Input.dispatchKeyEvent", key)
            told += self.call("focus")
        return told

    def requests(self) -> list[str]:
        """What the page asked for besides itself."""
        events = (json.loads(entry["message"]) for entry in self._browser.get_log("performance"))
        asked = (
            event["message"]["params"]["request"]["url"]
            for event in events
            if event["message"]["method"] == "Network.requestWillBeSent"
        )
        return [url for url in asked if url != self._address and not url.startswith("data:")]

    def complaints(self) -> list[str]:
        """What the browser wrote to its console, such as what the policy refused."""
        return [str(entry["message"]) for entry in self._browser.get_log("browser")]

    def pictures(self, folder: Path, width: int) -> None:
        """Keep what the page looks like, in pieces that can be looked at."""
        folder.mkdir(parents=True, exist_ok=True)
        length = self._browser.execute_script("return document.scrollingElement.scrollHeight")
        for number, top in enumerate(range(0, min(length, MOST_PICTURED), PICTURED), 1):
            clip = {"x": 0, "y": top, "width": width, "height": PICTURED, "scale": 1}
            asked = {"captureBeyondViewport": True, "clip": clip}
            shot = self._cdp("Page.captureScreenshot", asked)
            (folder / f"{number:02}.png").write_bytes(b64decode(shot["data"]))

    def print(self, path: Path) -> None:
        """Keep the page as it is on paper."""
        asked = {"preferCSSPageSize": True, "printBackground": True}
        path.write_bytes(b64decode(self._cdp("Page.printToPDF", asked)["data"]))

    def _cdp(self, command: str, arguments: dict[str, Any]) -> Any:
        return self._browser.execute_cdp_cmd(command, arguments)


_NAMES = "layout, style, space, stops, focus, intrude, axes"


if __name__ == "__main__":
    sys.exit(main())

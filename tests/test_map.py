"""The map at the head of the package names every module, on the line where its imports allow it."""

import re
import tomllib
from pathlib import Path

import arpc
from tests.conftest import ROOT


def test_the_map_names_every_module_and_no_other() -> None:
    names = re.findall(r"^([a-z][a-z, ]*?)(?:  .*)?$", arpc.__doc__ or "", re.MULTILINE)
    mapped = {name for line in names for name in line.replace(",", " ").split()}
    here = Path(arpc.__file__).parent
    modules = {p.stem for p in here.glob("*.py")} | {p.parent.name for p in here.glob("*/*.py")}
    assert mapped == modules - {"__init__", "__main__"}


def test_the_map_goes_from_the_top_as_the_layers_do() -> None:
    text = arpc.__doc__ or ""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    order = [name.strip() for layer in layers for name in layer.split("|")]
    lines = {
        name: number
        for number, line in enumerate(text.splitlines())
        for name in re.split(r"[, ]+", line.split("  ")[0])
        if name in order
    }
    found = [lines[name] for name in order if name in lines]
    assert len(found) == len(order)
    assert found == sorted(found)

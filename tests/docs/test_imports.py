"""Imports go one way, and the picture of them is drawn from the source."""

from __future__ import annotations

import sys
from xml.etree import ElementTree

import pytest
from docs.running import ROOT


@pytest.fixture(scope="module")
def drawing():
    """The program that reads the imports, from docs/_pages."""
    sys.path.insert(0, str(ROOT / "docs" / "_pages"))
    try:
        import imports
    finally:
        sys.path.pop(0)
    return imports


def test_no_package_imports_one_above_it(drawing):
    order = drawing.PACKAGES
    found = drawing.imports()
    back = [(here, there) for here, there in found if order.index(here[0]) > order.index(there[0])]
    assert not back
    assert found[("generators", "pipeline"), ("gfv_sei", "stream")]


def test_torch_is_imported_by_models_alone(drawing):
    """Decoding never needs it."""
    allowed = {"models", "training"}
    found = set()
    for package in drawing.PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            if any(name.partition(".")[0] == "torch" for name in drawing.imported(path)):
                found.add(path.relative_to(ROOT).parts[:2])
    assert found
    assert {package for package, _ in found} == {"generators"}
    assert {part for _, part in found} <= allowed


def test_the_picture_shows_every_part(drawing):
    picture = ElementTree.fromstring(drawing.picture())
    texts = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert set(drawing.PACKAGES) <= set(texts)
    assert {"syntax", "stream", "pipeline", "registry", "negative"} <= set(texts)

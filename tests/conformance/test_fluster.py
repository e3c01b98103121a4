"""The suite as fluster takes it."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import zipfile
from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import pytest


def test_test_suites(suite, gfv, tmp_path: Path) -> None:
    done = gfv("conformance", "export", "--fluster", suite.folder, "-o", tmp_path)
    assert done.returncode == 0, done.stderr
    entries = {one["name"]: one for one in suite.streams if "findings" not in one}
    seen = set()
    for codec, name in (("vvc", "H.266"), ("hevc", "H.265"), ("avc", "H.264")):
        for kind in ("pictures", "messages"):
            found = json.loads((tmp_path / f"GFV-{kind}-{name}.json").read_text())
            assert set(found) == {"name", "codec", "description", "test_vectors"}
            assert (found["name"], found["codec"]) == (f"GFV-{kind}-{name}", name)
            for vector in found["test_vectors"]:
                entry = entries[vector["name"]]
                assert entry["codec"] == codec
                package = Path(url2pathname(urlparse(vector["source"]).path))
                assert hashlib.md5(package.read_bytes()).hexdigest() == vector["source_checksum"]
                with zipfile.ZipFile(package) as archive:
                    assert vector["input_file"] in archive.namelist()
                    elements = archive.read(f"{vector['name']}.jsonl")
                    pictures = archive.read(f"{vector['name']}_yuv.md5").decode().split()[0]
                result = pictures if kind == "pictures" else hashlib.md5(elements).hexdigest()
                assert vector["result"] == result
                assert vector["output_format"] == ("yuv420p10le" if codec == "vvc" else "yuv420p")
                seen.add(vector["name"])
    assert seen == set(entries)


@pytest.mark.parametrize(
    ("field", "value"), [("pictures_md5", None), ("elements_md5", 7), ("bit_depth", "8"), ("bit_depth", 12)]
)
def test_an_index_that_says_something_else(suite, gfv, tmp_path: Path, field: str, value: object) -> None:
    index = json.loads((suite.folder / "index.json").read_text())
    index["streams"][0][field] = value
    (tmp_path / "index.json").write_text(json.dumps(index))
    done = gfv("conformance", "export", "--fluster", tmp_path, "-o", tmp_path)
    assert done.returncode == 1
    assert re.search(rf"{field} of a stream is {value!r}|bit_depth = 12: .* \(allowed: 8, 10\)", done.stderr.decode())


def test_the_decoders_do_what_the_result_was_made_by(suite, gfv, tmp_path: Path) -> None:
    """The module is for fluster's folder; its command is taken out of it and run."""
    gfv("conformance", "export", "--fluster", suite.folder, "-o", tmp_path)
    module = ast.parse((tmp_path / "decoders" / "gfv_messages.py").read_text())
    classes = [node.name for node in module.body if isinstance(node, ast.ClassDef)]
    assert classes == ["GfvMessages", "GfvMessagesH266", "GfvMessagesH265", "GfvMessagesH264"]
    lists = [node for node in ast.walk(module) if isinstance(node, ast.List)]
    options = [node.value for one in lists for node in one.elts if isinstance(node, ast.Constant)]
    words = [word for word in options if word.startswith("-") or word == "vsei4"]
    entry = next(one for one in suite.streams if one["case"] == "BASE_C")
    with zipfile.ZipFile(suite.folder / entry["package"]) as archive:
        (tmp_path / "stream.bit").write_bytes(archive.read(f"{entry['name']}.bit"))
    done = gfv("extract", tmp_path / "stream.bit", *words, "-")
    assert hashlib.md5(done.stdout).hexdigest() == entry["elements_md5"]

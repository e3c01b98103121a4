"""Running a reader against a suite."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from conformance import package
from conformance.case import is_of
from conformance.readers import CRASHED, DIFFERS, FAILED, PASS, SKIPPED, OurReader, Reader, ReaderError
from gfv_sei.errors import GfvError
from gfv_sei.validation.stream import validate


class Verdict(NamedTuple):
    """What came of one stream; ``detail`` is empty where it passes."""

    name: str
    case: str
    codec: str
    title: str
    negative: bool
    verdict: str
    detail: str
    seconds: float

    @property
    def good(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.verdict in (PASS, SKIPPED)


def verify(
    folder: Path,
    reader: Reader,
    codecs: Collection[str] = (),
    names: Collection[str] = (),
    negatives: bool = True,
    jobs: int = 1,
    watch: Callable[[Iterable[Verdict], int], Iterable[Verdict]] = lambda verdicts, total: verdicts,
) -> list[Verdict]:
    """Run ``reader`` on the streams of a suite, in the order of its index.

    Of a positive stream it has to read what the package says. From a negative one it has to come back; our own reader
    stands for our validator there, which has to find what the package says. GfvError where the folder is no suite.
    """
    streams = [
        one
        for one in package.read_index(folder)["streams"]
        if (not codecs or one["codec"] in codecs)
        and (not names or any(is_of(one["case"], name) for name in names))
        and (negatives or "findings" not in one)
    ]
    if not streams:
        raise GfvError(f"{folder} has no such stream", element="case", value=", ".join(names) or None)
    return list(watch(_all(streams, folder, reader, jobs), len(streams)))


def _all(streams: list[dict[str, Any]], folder: Path, reader: Reader, jobs: int) -> Iterator[Verdict]:
    if jobs == 1:
        for one in streams:
            yield verdict_of(one, folder, reader)
        return
    # Threads wait for programs; what is read in this process is not made faster by them.
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(lambda one: verdict_of(one, folder, reader), streams)


def verdict_of(entry: dict[str, Any], folder: Path, reader: Reader) -> Verdict:
    """Run a reader on one stream of the index."""
    began = time.monotonic()
    negative = "findings" in entry
    try:
        detail = _detail(entry, package.Package(folder / entry["package"], entry["name"]), reader, negative)
        verdict = DIFFERS if detail else PASS
    except ReaderError as error:
        verdict, detail = error.verdict, error.reason
    except GfvError as error:
        verdict, detail = FAILED, str(error)
    except Exception as error:  # whatever it is, it is the verdict on this stream and not the end of the run
        verdict, detail = CRASHED, f"{type(error).__name__}: {error}"
    seconds = time.monotonic() - began
    names = (entry["name"], entry["case"], entry["codec"], entry["title"])
    return Verdict(*names, negative, verdict, detail or "", round(seconds, 3))


def _detail(entry: dict[str, Any], files: package.Package, reader: Reader, negative: bool) -> str | None:
    stream, codec = files.read(package.BITSTREAM), entry["codec"]
    for told in (entry.get("bitstream_md5"), files.read(package.DIGEST).split(b" ")[0].decode("ascii", "replace")):
        if package.digest(stream) != told:
            raise ReaderError(FAILED, f"the stream in the package is not the one that the suite tells of: MD5 {told}")
    if not negative:
        return reader.difference(stream, codec, files.read_json(package.ELEMENTS))
    reader.survives(stream, codec)
    if not isinstance(reader, OurReader):
        return None
    expected = files.read_json(package.FINDINGS)
    found = [finding.to_dict() for finding in validate(stream, entry["syntax"], codec=codec)]
    for wanted, got in zip_longest(map(_in_words, expected), map(_in_words, found), fillvalue="no further finding"):
        if wanted != got:
            return f"expected {wanted}, found {got}"
    return None


def _in_words(finding: dict[str, Any]) -> str:
    """What has to be the same of a finding."""
    keys = ("au", "nal", "message", "bit", "element")
    return ", ".join([str(finding.get("rule")), *(f"{key} {finding[key]}" for key in keys if key in finding)])


def counts(verdicts: list[Verdict]) -> Counter[str]:
    """How many streams have which verdict."""
    return Counter(one.verdict for one in verdicts)

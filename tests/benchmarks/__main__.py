"""python -m tests.benchmarks"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

from tests.benchmarks.goals import GOALS, Bench, Row
from tests.benchmarks.measure import BenchmarkError, Ruler
from tests.benchmarks.report import closing, machine, table, write_json
from tests.benchmarks.streams import Streams, work_folder


def main() -> int:
    """Measure, print, and return 0 unless something did not run."""
    options = _options()
    began = time.monotonic()
    gfv = shutil.which("gfv", path=str(Path(sys.executable).parent)) or shutil.which("gfv")
    if gfv is None:
        sys.exit("no gfv command beside this Python or on the PATH: pip install -e .")

    def say(text: str) -> None:
        print(f"[{time.monotonic() - began:5.0f} s] {text}", file=sys.stderr, flush=True)

    rows: list[Row] = []
    failed: list[str] = []
    scale = 0.1 if options.quick else 1.0
    with work_folder(options.keep) as folder, Ruler(folder) as ruler:
        streams = Streams(folder, gfv, scale, say)
        bench = Bench(ruler, streams, gfv, folder, options.rounds)
        for number in sorted(set(options.goal or GOALS)):
            try:
                rows += GOALS[number](bench)
            except BenchmarkError as error:
                failed.append(f"goal {number}: FAILED: {error}")
                say(failed[-1])
        about = machine(streams.ffmpeg)
    print(table(rows))
    print("\n".join(["", *failed, closing(rows, failed, about, time.monotonic() - began)]))
    if options.quick:
        print("A tenth of the streams: start-up weighs ten times as much as in full.")
    if options.json:
        write_json(options.json, rows, failed, about, scale)
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks", description="Speed and memory of gfv, as ratios measured in one run."
    )
    parser.add_argument("--quick", action="store_true", help="a tenth of each stream")
    parser.add_argument("--goal", type=int, nargs="+", choices=sorted(GOALS), metavar="N", help="these goals only")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="rounds of each comparison (default 5)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make streams and outputs there, and leave them")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds: at least 1")
    return options


sys.exit(main())

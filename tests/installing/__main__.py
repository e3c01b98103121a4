"""``python -m tests.installing dist``: wheel and source archive, installed with their dependencies and tried."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.installing.trial import try_out
from tests.installing.wheel import Environment, build

if __name__ == "__main__":
    out = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for made in (build(work, out), build(work, out, "build_sdist")):
            print(f"{made}  {made.stat().st_size} bytes")
            try_out(Environment(work / made.suffix, made, borrow=False), work)
            print("  installed and tried")

"""python -m tests.benchmarks.parity: every architecture at its full size, torch against onnxruntime.

Weights are seeded, not trained: what is compared is two ways of computing the same. Export holds each model to the
tolerance of its architecture anyway; here the differences themselves are printed.
"""

from __future__ import annotations

import argparse
import sys
import time

import torch

from generators.errors import ModelError
from generators.models import ARCHITECTURES, find_architecture
from generators.models.analysis_export import analysis_parity, export_analysis
from generators.models.export import export, parity


def main() -> int:
    """Print a table; 1 where a model is further from torch than 1e-4."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.parity")
    parser.add_argument("names", nargs="*", metavar="ARCHITECTURE", help="by default all")
    parser.add_argument("--size", type=int, action="append", help="sides of pictures; by default 256 and 512")
    options = parser.parse_args()
    good = True
    print("| architecture | size | generated picture | parameters | graphs, MB |\n| --- | --- | --- | --- | --- |")
    for name in options.names or ARCHITECTURES:
        for side in options.size or (256, 512):
            began = time.monotonic()
            good &= row(name, side)
            print(f"{name} at {side}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0 if good else 1


def row(name: str, side: int) -> bool:
    """One line of the table; whether it is near enough."""
    known = find_architecture(name)
    models = known.build(known.variant(size=side), seed=1)
    try:
        model = export(models, tolerance=1.0)
        size = len(model.main) + len(model.base or b"")
        picture = parity(models, model)
        del model
        found = {}
        if models.analysis is not None:
            analysis = export_analysis(models, tolerance=1.0)
            size += len(analysis.main) + len(analysis.base or b"")
            found = analysis_parity(models, analysis)
    except ModelError as error:
        print(f"| {name} | {side} | {error} | | |", flush=True)
        return False
    words = ", ".join(f"{parameter} {difference:.1e}" for parameter, difference in found.items())
    print(f"| {name} | {side} | {picture:.1e} | {words or '-'} | {size / 1e6:.0f} |", flush=True)
    return max(picture, *found.values()) <= 1e-4 if found else picture <= 1e-4


if __name__ == "__main__":
    torch.set_num_threads(2)
    sys.exit(main())

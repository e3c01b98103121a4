"""A generator that is watched at work: what goes into its graphs, and how long they take."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from generators.model_file import ModelFile
from generators.runtime import Generator
from generators.sessions import Session

Feeds = dict[str, NDArray[Any]]


class ObservedGenerator(Generator):
    """`Generator`, with two things more.

    Attributes:
        seconds: spent inside onnxruntime so far, both graphs.
        heard: is given ``main`` or ``base`` and what the graph is fed with, before each run; None hears nothing.
    """

    def __init__(self, model: ModelFile, *, provider: str = "cpu", threads: int = 2) -> None:
        super().__init__(model, provider=provider, threads=threads)
        self.seconds = 0.0
        self.heard: Callable[[str, Feeds], None] | None = None
        self._watch("main", self._main)
        if self._base_graph is not None:
            self._watch("base", self._base_graph)

    def _watch(self, graph: str, session: Session) -> None:
        run = session.run

        def watched(outputs: Sequence[str], feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
            if self.heard is not None:
                self.heard(graph, dict(feeds))
            start = time.perf_counter()
            found = run(outputs, feeds)
            self.seconds += time.perf_counter() - start
            return found

        session.run = watched  # type: ignore[method-assign]

"""What all tests share: how examples are made up, the command, tables in the summary of a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

# The same examples in every run, so that a red run is somebody's change. `HYPOTHESIS_PROFILE=explore` looks further.
_COMMON = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
    "phases": [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
}
settings.register_profile("repeatable", derandomize=True, database=None, **_COMMON)
settings.register_profile("explore", max_examples=1500, print_blob=True, **_COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

# Shells start what runs in the background deaf to Ctrl-C, and the commands that tests interrupt would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def gfv_command() -> str:
    """The path of the `gfv` command."""
    command = Path(sys.executable).with_name("gfv")
    if not command.is_file():
        pytest.skip(f"the gfv command is not installed beside {sys.executable}")
    return str(command)


@pytest.fixture(scope="session")
def gfv(gfv_command: str) -> Run:
    """Run the `gfv` command; what it prints comes back as bytes."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"}

    def run(*words: str | os.PathLike[str], stdin: bytes = b"", cwd: Path | None = None) -> object:
        arguments: Sequence[str] = [gfv_command, *(os.fspath(word) for word in words)]
        return subprocess.run(arguments, input=stdin, capture_output=True, cwd=cwd, env=environment, timeout=120)

    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the tables that tests recorded with ``record_property("table", text)``, also those of xdist's workers."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, text in getattr(report, "user_properties", ()):
                if name == "table" and report.when == "call":
                    terminalreporter.section(report.nodeid)
                    terminalreporter.write_line(text)

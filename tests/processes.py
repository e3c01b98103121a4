"""The processes that a command has started, and whether they are gone."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path


def family(pid: int) -> list[str]:
    """The processes that one has started, and those started by these."""
    rows = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True)
    found, parents = [], {str(pid)}
    for row in (line.split(None, 3) for line in rows.stdout.splitlines()):
        if row[1] in parents and "Z" not in row[2]:
            parents.add(row[0])
            found.append(row[0])
    return found


def gone(pids: list[str]) -> bool:
    deadline = time.monotonic() + 60
    while any(alive(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False

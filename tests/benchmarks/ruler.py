"""Runs programs and says what each took. A program of its own, for ``python -I -S``; see measure.py for why.

Requests and answers are marshal objects, which needs no import. Request: words of the command, environment, file for
its standard output, file for its standard error, files to delete before. Answer: exit status, seconds of processor
time, seconds of wall clock, peak memory in kB.
"""

import marshal
import os
import sys
import time

WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def run(words, environment, out, err, stale):
    """One program from start to end."""
    for path in stale:
        if os.access(path, os.F_OK):
            os.unlink(path)  # noqa: PTH108  # pathlib would be larger than all else here
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, WRITE, 0o666),
        (os.POSIX_SPAWN_OPEN, 2, err, WRITE, 0o666),
    ]
    began = time.perf_counter()
    pid = os.posix_spawn(words[0], words, environment, file_actions=files)
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - began
    return os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, wall, used.ru_maxrss


def main():
    """Answer requests until there are no more."""
    while True:
        try:
            request = marshal.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = run(*request)
        except OSError as error:
            answer = str(error)
        marshal.dump(answer, sys.stdout.buffer)
        sys.stdout.buffer.flush()


main()

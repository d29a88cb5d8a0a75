"""Forks of a process, so many of them at a time, also where forks have forks of their own."""

from __future__ import annotations

import ctypes
import math
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass

FAILED, NO_PROGRAM = 9, 8
"""Exit statuses of a fork that ends with an exception, and with code that is none."""
PAUSE = 0.005
"""Seconds between two looks at the forks."""
WAITING = 10
"""How often its processor time a process may take, as other processes need processors too."""
PARENT_ENDS = 1
"""Number of Linux's option that ends a process with its parent."""


class Places:
    """Places for processes at work, which all forks of the process that made them share."""

    def __init__(self, count: int) -> None:
        self._full, self._empty = os.pipe()
        os.set_blocking(self._full, False)
        os.write(self._empty, bytes(count))

    def take(self) -> bool:
        """Take a place, if there is one."""
        try:
            return bool(os.read(self._full, 1))
        except BlockingIOError:
            return False

    def free(self) -> None:
        """Give a place back."""
        os.write(self._empty, bytes(1))


@dataclass(frozen=True)
class Job:
    """What runs in a fork."""

    run: Callable[[], None]
    ended: Callable[[int | None], None]
    """Is told the exit status, which is negative for a signal, and None if time was up before."""
    seconds: float = math.inf
    """Of processor time, after which it is stopped."""


def run_all(jobs: Iterable[Job], places: Places, until: float = math.inf) -> None:
    """Run each job in a fork, as long as there are places, until a time of the monotonic clock."""
    waiting, running = deque(jobs), dict[int, tuple[Job, str]]()
    try:
        while (waiting or running) and time.monotonic() < until:
            if waiting and places.take():
                job, folder = waiting.popleft(), tempfile.mkdtemp()
                running[_forked(job, folder)] = job, folder
            elif not _reap(running, places, os.WNOHANG):
                time.sleep(PAUSE)
    finally:
        for pid in running:
            os.kill(pid, signal.SIGKILL)
        unfinished = [job for job, _ in running.values()]
        _reap({pid: (Job(job.run, _nothing), folder) for pid, (job, folder) in running.items()}, places, 0)
    for job in (*unfinished, *waiting):
        job.ended(None)


def allow(seconds: float) -> None:
    """Let this process use so much more processor time before it is stopped, and a multiple of it in all."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    if seconds < math.inf:
        signal.alarm(math.ceil(WAITING * seconds))
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + seconds), most))


def _nothing(_: int | None) -> None:
    pass


def _forked(job: Job, folder: str) -> int:
    """The number of a new process, with a folder for what it leaves behind."""
    with warnings.catch_warnings(action="ignore"):  # of threads of libraries, which wait for work
        child = os.fork()
    if child:
        return child
    try:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PARENT_ENDS, signal.SIGKILL)
        os.environ["TMPDIR"] = tempfile.tempdir = folder
        allow(job.seconds)
        job.run()
    except SyntaxError:
        os._exit(NO_PROGRAM)
    except BaseException:
        os._exit(FAILED)
    os._exit(0)


def _reap(running: dict[int, tuple[Job, str]], places: Places, options: int) -> bool:
    """Whether any of the processes has ended."""
    ended = {pid: status for pid in running for done, status in (os.waitpid(pid, options),) if done}
    for pid, status in ended.items():
        job, folder = running.pop(pid)
        places.free()
        shutil.rmtree(folder, ignore_errors=True)
        job.ended(os.waitstatus_to_exitcode(status))
    return bool(ended)

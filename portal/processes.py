"""A tree of processes that starts, lives and ends together.

Every program runs in a session of its own, so that a terminal's Ctrl-C reaches the supervisor
alone and the supervisor decides the order in which they end. Should the supervisor be killed
outright, the kernel ends its programs (Linux), and whatever is left is ended by the next start,
which finds it in the record that the supervisor keeps (everywhere).
"""

import ctypes
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, Self

import psutil

from portal.install import say

PR_SET_PDEATHSIG = 1  # linux/prctl.h
TICK = 0.1  # seconds between two looks at the programs
# A program that ends this often within these seconds is given up.
RESTARTS, RESTARTS_WITHIN = 5, 60.0
HEARD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOG_LIMIT = 5_000_000  # bytes after which a log is set aside when its program starts


class CannotRun(Exception):
    """Something that only the person at the keyboard can change; the message is one line."""


class StopRequested(Exception):
    """Ctrl-C, or the end of the terminal or of `make`."""


@dataclass(frozen=True)
class Account:
    """The system account a program runs as."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Program:
    """What to start, and how it wants to be ended."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    directory: Path
    log: Path | None = None  # None: the terminal
    account: Account | None = None  # None: whoever runs the supervisor
    stop_signal: int = signal.SIGTERM
    orphan_signal: int = signal.SIGKILL  # from the kernel, when the supervisor died
    patience: float = 10.0  # seconds between the stop signal and SIGKILL
    can_hurry: bool = True  # False: impatience at the keyboard does not shorten its patience


@dataclass(frozen=True)
class Trace:
    """How a later start recognises and ends a program that outlived its supervisor."""

    name: str
    pid: int
    started: float  # seconds since 1970, as the system tells it: a reused pid differs here
    stop_signal: int
    patience: float


@dataclass
class Running:
    """A program that was started."""

    program: Program
    process: subprocess.Popen[bytes]
    trace: Trace
    ends: list[float] = field(default_factory=list)


def start_moment(pid: int) -> float:
    """Return when this process started, in seconds since 1970; 0 if it is gone."""
    try:
        return float(psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return 0.0


def is_alive(process: psutil.Process) -> bool:
    """Say whether a process still does anything; one that only waits to be collected does not."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def group_of(trace: Trace) -> list[psutil.Process]:
    """Return the live processes of a program's group, its leader included while it lives."""
    found = []
    for pid in psutil.pids():
        try:
            if os.getpgid(pid) != trace.pid:
                continue
            process = psutil.Process(pid)
        except (ProcessLookupError, PermissionError, psutil.NoSuchProcess):
            continue
        # The leader's number may since have gone to a stranger, who then started later.
        if pid == trace.pid and process.create_time() != trace.started:
            return []
        if is_alive(process):
            found.append(process)
    return found


def signal_group(trace: Trace, number: int) -> list[psutil.Process]:
    """Send a signal to a program's leader, or to all that is left of its group without one.

    Returns those it was sent to.
    """
    members = group_of(trace)
    leader = [member for member in members if member.pid == trace.pid]
    # SIGKILL leaves a leader no time to end its children, so it goes to all of them.
    meant = members if number == signal.SIGKILL else leader or members
    for process in meant:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
    return meant


def end_leftover(trace: Trace) -> bool:
    """End a program that outlived its supervisor; say whether there was anything to end."""
    asked = signal_group(trace, trace.stop_signal)
    if not asked:
        return False
    for _ in _ticks(trace.patience):
        if not any(map(is_alive, asked)):
            break
    signal_group(trace, signal.SIGKILL)
    while group_of(trace):
        time.sleep(TICK)
    return True


class Record:
    """The file that says which supervisor runs in a place, what it started, and its environment.

    The lock beside it is held as long as the supervisor lives and goes with it, however it dies.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: IO[str] | None = None

    def read(self) -> dict[str, Any]:
        """Return what was recorded last; empty if nothing was, or nothing that can be read."""
        try:
            found = json.loads(self.path.read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def is_held(self) -> bool:
        """Say whether a live supervisor holds the record."""
        lock = self._take()
        if lock:
            lock.close()
        return lock is None

    def hold(self) -> None:
        """Take the lock; refuse, naming the holder, if a supervisor keeps it that is not ending."""
        self._refuse_strangers()
        self._lock = self._take()
        while not self._lock:
            held = self.read()
            if held and not held.get("stopping"):
                raise CannotRun(
                    f"This checkout already runs as process {held['pid']}; "
                    f"end that with `kill {held['pid']}` first."
                )
            time.sleep(TICK)
            self._lock = self._take()

    def _refuse_strangers(self) -> None:
        """Refuse a folder of another user, root included: its data would be mixed or missed."""
        folder = self.path.parent
        if folder.exists() and folder.stat().st_uid != os.geteuid():
            raise CannotRun(
                f"{folder} belongs to {folder.owner()}: run as that user, or remove that folder."
            )

    def _take(self) -> IO[str] | None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = self.path.with_suffix(".lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        return lock

    def release(self) -> None:
        """Forget what was recorded and give the lock back."""
        self.path.unlink(missing_ok=True)
        if self._lock:
            self._lock.close()
            self._lock = None

    def write(self, content: Mapping[str, Any]) -> None:
        """Replace the record; it names passwords, so only its owner may read it."""
        half = self.path.with_suffix(".half")
        half.touch(mode=0o600)
        half.write_text(json.dumps(content, indent=1))
        half.replace(self.path)

    def leftovers(self) -> list[Trace]:
        """Return the programs recorded last, in the order in which they are to be ended."""
        return [Trace(**found) for found in reversed(self.read().get("programs", []))]


def _die_with(parent: int, number: int) -> Callable[[], None]:
    """Return what a new child does first: hear every signal, and ask for one when its parent dies."""
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None

    def ask() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, set())  # some may be held back around us
        if prctl:
            prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(number))
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGKILL)

    return ask


def _open_log(path: Path) -> IO[bytes]:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".old"))
    return path.open("ab")


def launch(program: Program) -> Running:
    """Start a program in a session of its own, as its account, with its output in its log."""
    log = _open_log(program.log) if program.log else None
    account = program.account
    try:
        process = subprocess.Popen(
            program.command,
            cwd=program.directory,
            env=dict(program.environment),
            stdin=None if log is None else subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=_die_with(os.getpid(), program.orphan_signal),  # noqa: PLW1509
        )
    except OSError as error:
        raise CannotRun(f"{program.name} cannot be started: {error}.") from error
    finally:
        if log:
            log.close()
    started = start_moment(process.pid)
    trace = Trace(program.name, process.pid, started, int(program.stop_signal), program.patience)
    return Running(program, process, trace)


class Supervisor:
    """Starts programs, keeps them running, and ends them in the reverse order."""

    def __init__(self, record: Record | None = None) -> None:
        self._record = record
        self._running: dict[str, Running] = {}
        self._about: dict[str, Any] = {"pid": os.getpid()}
        self._parent = os.getppid()
        self._requests = 0

    def __enter__(self) -> Self:
        self._before = {number: signal.signal(number, self._hear) for number in HEARD}
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, *_: object) -> None:
        self._requests += 1

    def check(self) -> None:
        """Raise StopRequested once a person, the system or the end of `make` asked for it."""
        # `make` that is killed outright forwards nothing: its end is then the only sign.
        orphaned = "MAKELEVEL" in os.environ and os.getppid() != self._parent
        if self._requests or orphaned:
            raise StopRequested

    def tell(self, **facts: Any) -> None:
        """Add facts to the record, for whoever asks what runs here."""
        self._about |= facts
        if self._record:
            traces = [asdict(running.trace) for running in self._running.values()]
            self._record.write(self._about | {"programs": traces})

    def start(self, program: Program) -> None:
        """Start a program that is to run until the end."""
        self._running[program.name] = launch(program)
        self.tell()

    def run(self, program: Program) -> int:
        """Run a program to its end and return its exit code; a request to stop ends it first."""
        self.start(program)
        process = self._running[program.name].process
        try:
            while process.poll() is None:
                self.check()
                time.sleep(TICK / 2)
        finally:
            self._end(self._running.pop(program.name))
            self.tell()
        return process.returncode

    def wait_for(self, name: str, is_ready: Callable[[], bool], seconds: float) -> None:
        """Wait until a started program is ready; refuse with the end of its log if it is not."""
        running = self._running[name]
        for _ in _ticks(seconds):
            self.check()
            if running.process.poll() is not None:
                raise CannotRun(f"{name} ended while starting. {log_hint(running.program)}")
            if is_ready():
                return
        raise CannotRun(f"{name} is not ready after {seconds:.0f} s. {log_hint(running.program)}")

    def watch(self) -> None:
        """Keep every program running until asked to stop; refuse if one ends again and again."""
        while True:
            self.check()
            for name in list(self._running):
                if self._running[name].process.poll() is not None:
                    self._restart(name)
            time.sleep(TICK)

    def _restart(self, name: str) -> None:
        ended = self._running[name]
        now = time.monotonic()
        recent = [moment for moment in ended.ends if now - moment < RESTARTS_WITHIN] + [now]
        if len(recent) > RESTARTS:
            raise CannotRun(f"{name} keeps ending. {log_hint(ended.program)}")
        say(f"{name} ended (exit code {ended.process.returncode}); starting it again.")
        signal_group(ended.trace, signal.SIGKILL)
        self._pause(len(recent) - 1)
        self._running[name] = launch(ended.program)
        self._running[name].ends = recent
        self.tell()

    def _pause(self, seconds: float) -> None:
        for _ in _ticks(seconds):
            self.check()

    def stop(self) -> None:
        """End every program, the last started first. A second request to stop ends them at once."""
        self._requests = 0
        self.tell(stopping=True)
        for running in reversed(list(self._running.values())):
            self._end(running)
        self._running.clear()

    def _end(self, running: Running) -> None:
        signal_group(running.trace, running.program.stop_signal)
        for _ in _ticks(running.program.patience):
            hurried = self._requests and running.program.can_hurry
            if running.process.poll() is not None or hurried:
                break
        signal_group(running.trace, signal.SIGKILL)
        running.process.wait()


def _ticks(seconds: float) -> Iterator[None]:
    """Count off this many seconds, a tick at a time, beginning at once."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
        time.sleep(TICK)


def log_hint(program: Program) -> str:
    """Return the last line a program logged and where the others are."""
    if program.log is None or not program.log.exists():
        return ""
    lines = program.log.read_text(errors="replace").strip().splitlines()
    return f"Its last words: {lines[-1] if lines else 'none'} (see {program.log})."

"""Programs start, are kept running, and end with all their children, however they are ended."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from portal.processes import (
    CannotRun,
    Program,
    Record,
    StopRequested,
    Supervisor,
    Trace,
    end_leftover,
    is_alive,
    launch,
    start_moment,
)

# A parent and its child; both would live on for a minute. Its number is written when both run.
FAMILY = "sleep 60 & echo $! > child; wait"
STUBBORN = "trap '' TERM; echo > ready; sleep 60 & wait; sleep 60 & wait"


@pytest.fixture
def shell(tmp_path: Path) -> Callable[..., Program]:
    def program(script: str, name: str = "family", **more: float) -> Program:
        command = ("/bin/sh", "-c", script)
        return Program(name, command, dict(os.environ), tmp_path, tmp_path / "log", **more)

    return program


def wait_for(path: Path) -> str:
    deadline = time.monotonic() + 10
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < deadline, f"{path} was never written"
        time.sleep(0.02)
    return path.read_text().strip()


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if not is_alive(psutil.Process(pid)):
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.02)
    return False


def test_a_program_and_its_children_end_together(
    shell: Callable[..., Program], tmp_path: Path
) -> None:
    with Supervisor() as supervisor:
        supervisor.start(shell(FAMILY))
        child = int(wait_for(tmp_path / "child"))
        assert is_alive(psutil.Process(child))
    assert is_gone(child)


def test_the_last_started_is_the_first_to_end(
    shell: Callable[..., Program], tmp_path: Path
) -> None:
    script = "trap 'echo {0} >> order; exit' TERM; echo > {0}; while :; do sleep 0.05; done"
    with Supervisor() as supervisor:
        for name in ("first", "second", "third"):
            supervisor.start(shell(script.format(name), name))
            wait_for(tmp_path / name)
    assert (tmp_path / "order").read_text().split() == ["third", "second", "first"]


def test_a_program_that_does_not_listen_is_killed_when_patience_ends(
    shell: Callable[..., Program], tmp_path: Path
) -> None:
    with Supervisor() as supervisor:
        supervisor.start(shell(STUBBORN, patience=0.5))
        wait_for(tmp_path / "ready")
        started = time.monotonic()
    assert 0.5 <= time.monotonic() - started < 3


def test_asking_twice_ends_a_stubborn_program_at_once(
    shell: Callable[..., Program], tmp_path: Path
) -> None:
    ask = f"sleep 0.4; kill -TERM {os.getpid()}"
    with Supervisor() as supervisor:
        supervisor.start(shell(STUBBORN, patience=30.0))
        wait_for(tmp_path / "ready")
        impatient = subprocess.Popen(["/bin/sh", "-c", ask])
        started = time.monotonic()
    assert time.monotonic() - started < 5
    impatient.wait()


def test_a_request_to_stop_ends_a_step(shell: Callable[..., Program], tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Supervisor() as supervisor:
        supervisor.start(shell(f"sleep 0.4; kill -TERM {os.getpid()}", "impatient"))
        with pytest.raises(StopRequested):
            supervisor.run(shell(FAMILY))
    assert is_gone(int(wait_for(tmp_path / "child")))
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize("code", [0, 7])
def test_a_step_gives_its_exit_code(shell: Callable[..., Program], code: int) -> None:
    with Supervisor() as supervisor:
        assert supervisor.run(shell(f"exit {code}")) == code


def test_a_program_that_ends_is_started_again(
    shell: Callable[..., Program], tmp_path: Path
) -> None:
    record = Record(tmp_path / "run.json")
    with Supervisor(record) as supervisor:
        supervisor.start(shell(FAMILY))
        first = int(wait_for(tmp_path / "child"))
        kill = (
            f"rm child; kill -KILL {record.leftovers()[0].pid}; "
            f"while ! test -s child; do sleep 0.05; done; kill -TERM {os.getpid()}; sleep 60"
        )
        supervisor.start(shell(kill, "killer"))
        with pytest.raises(StopRequested):
            supervisor.watch()
    second = int(wait_for(tmp_path / "child"))
    assert second != first
    assert is_gone(first), "a child that lost its parent does not stay behind"
    assert is_gone(second)


def test_a_program_that_ends_again_and_again_is_given_up(
    shell: Callable[..., Program], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("portal.processes.RESTARTS", 2)
    with Supervisor() as supervisor:
        supervisor.start(shell("echo no such table; exit 3", "worker"))
        with pytest.raises(CannotRun) as refused:
            supervisor.watch()
    assert str(refused.value) == (
        f"worker keeps ending. Its last words: no such table (see {tmp_path / 'log'})."
    )
    assert (tmp_path / "log").read_text() == "no such table\n" * 3


def test_a_program_that_ends_while_starting_says_why(
    shell: Callable[..., Program], tmp_path: Path
) -> None:
    with Supervisor() as supervisor:
        supervisor.start(shell("echo disk is full; exit 1", "postgres"))
        with pytest.raises(CannotRun) as refused:
            supervisor.wait_for("postgres", lambda: False, 5.0)
    assert str(refused.value) == (
        f"postgres ended while starting. Its last words: disk is full (see {tmp_path / 'log'})."
    )


def test_a_program_that_is_never_ready_is_not_waited_for_for_ever(
    shell: Callable[..., Program], tmp_path: Path
) -> None:
    with Supervisor() as supervisor:
        supervisor.start(shell("sleep 60", "web"))
        with pytest.raises(CannotRun) as refused:
            supervisor.wait_for("web", lambda: False, 0.3)
    assert str(refused.value).startswith("web is not ready after 0 s.")


def test_a_program_that_cannot_be_started_is_refused(tmp_path: Path) -> None:
    program = Program("web", ("/no/such/program",), {}, tmp_path, tmp_path / "log")
    with pytest.raises(CannotRun, match=r"^web cannot be started: .*'/no/such/program'\.$"):
        launch(program)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_programs_die_with_a_supervisor_killed_outright(tmp_path: Path) -> None:
    script = (
        "import os, sys, time, pathlib\nfrom portal.processes import *\n"
        "program = Program('sleep', ('sleep', '60'), dict(os.environ), pathlib.Path('/'))\n"
        "with Supervisor() as supervisor:\n"
        "    supervisor.start(program)\n"
        "    print(supervisor._running['sleep'].process.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    killed = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert killed.stdout
    child = int(killed.stdout.readline())
    assert is_alive(psutil.Process(child))
    killed.kill()
    killed.communicate()
    assert is_gone(child)


def test_what_outlived_its_supervisor_is_ended_with_its_children(
    shell: Callable[..., Program], tmp_path: Path
) -> None:
    record = Record(tmp_path / "run.json")
    family = Supervisor(record)
    family.start(shell(FAMILY, patience=1.0))
    child = int(wait_for(tmp_path / "child"))
    (trace,) = record.leftovers()
    # The worst case: its parent is gone already, and only the child is left of the group.
    os.kill(trace.pid, signal.SIGKILL)
    os.waitpid(trace.pid, 0)
    assert end_leftover(trace) is True
    assert is_gone(child)
    assert end_leftover(trace) is False


def test_a_stranger_with_a_number_used_again_is_left_alone(
    shell: Callable[..., Program], tmp_path: Path
) -> None:
    stranger = launch(shell(FAMILY))
    wait_for(tmp_path / "child")
    earlier = Trace("web", stranger.process.pid, stranger.trace.started - 60, signal.SIGKILL, 1.0)
    assert end_leftover(earlier) is False
    assert stranger.process.poll() is None
    assert end_leftover(stranger.trace) is True
    stranger.process.wait()


def test_a_record_is_private_and_survives_being_cut_off(tmp_path: Path) -> None:
    record = Record(tmp_path / "run.json")
    assert record.read() == {}
    record.write({"pid": 1, "programs": []})
    assert record.path.stat().st_mode & 0o777 == 0o600
    assert record.read() == {"pid": 1, "programs": []}
    record.path.write_text('{"pid": 1, "prog')
    assert record.read() == {}
    assert record.leftovers() == []


def test_a_record_has_one_holder(tmp_path: Path) -> None:
    first, second = Record(tmp_path / "run.json"), Record(tmp_path / "run.json")
    first.hold()
    first.write({"pid": 4711})
    assert second.is_held()
    with pytest.raises(CannotRun) as refused:
        second.hold()
    assert str(refused.value) == (
        "This checkout already runs as process 4711; end that with `kill 4711` first."
    )
    first.release()
    assert not second.is_held()
    second.hold()
    second.release()


def test_a_record_in_another_users_folder_is_refused(tmp_path: Path) -> None:
    # The folder of the system's own files, unless the tests run as the user they belong to.
    folder = tmp_path if os.geteuid() == 0 else Path("/etc")
    owner = "nobody" if os.geteuid() == 0 else "root"
    if os.geteuid() == 0:
        shutil.chown(folder, owner)
    with pytest.raises(CannotRun) as refused:
        Record(folder / "run.json").hold()
    assert str(refused.value) == (
        f"{folder} belongs to {owner}: run as that user, or remove that folder."
    )


def test_a_start_is_told_by_its_moment() -> None:
    assert start_moment(os.getpid()) == psutil.Process().create_time()
    ended = subprocess.Popen(["true"])
    ended.wait()
    assert start_moment(ended.pid) == 0.0

"""`run` from outside: real servers, a real web server, worker and beat; ended kindly and not.

The supervisor is the portal's own. What it starts here is a small site in a folder of the test: one
page, one task and a manage.py that writes down what it was asked.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import redis

from portal.embedded import Place, free_port, lasting_place
from portal.processes import CannotRun, Supervisor, is_alive
from portal.supervisor import PROJECT, Step, kept_key, take_step

SITE = """
import os, sys, time
from functools import partial
from pathlib import Path
from celery import Celery
from portal.processes import Program
from portal.supervisor import COMMANDS, Plan, Step, main, run

HERE = Path(__file__).parent
app = Celery("site", broker=os.environ.get("REDIS_URL"), fixups=[])

@app.task
def take_time(seconds):
    (HERE / "begun").touch()
    time.sleep(seconds)
    (HERE / "done").touch()

def application(environ, start_response):
    start_response("200 OK", [])
    return [b"open"]

def programs(environment):
    program = partial(Program, environment=environment, directory=HERE)
    python, port = sys.executable, environment["PORT"]
    celery = (python, "-m", "celery", "--app", "site_of_test")
    return (
        program("worker", (*celery, "worker", "--concurrency=2"), log=HERE / "worker.log", patience=20.0),
        program("beat", (*celery, "beat", f"--schedule={HERE}/beat", "--pidfile="), log=HERE / "beat.log"),
        program("web", (python, "-m", "gunicorn", "site_of_test:application", "--no-control-socket",
            f"--bind=127.0.0.1:{port}", "--worker-class=gthread", "--workers=2"),
            log=HERE / "web.log", orphan_signal=3),
    )

PLAN = Plan(
    folder=HERE,
    before=(Step("Rows", ("fill",), ("rows.csv",)), Step("Files", ("files",), ("rows.csv",), makes="made")),
    programs=programs,
    beside=(Step("Report", ("report",)),),
    after=(Step("Sign-ins", ("signs",)),),
)
COMMANDS["run"] = lambda _: run(PLAN, HERE / "var")
sys.exit(main("run", []))
"""
MANAGE = """
import os, sys, psycopg
from pathlib import Path
with open("asked", "a") as asked:
    asked.write(sys.argv[1] + "\\n")
if sys.argv[1] == "fill":
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
if sys.argv[1] == "files":
    (Path(os.environ["PORTAL_VAR"]) / "made").mkdir(exist_ok=True)
sys.exit(int(os.environ.get("FAIL_" + sys.argv[1], 0)))
"""


class Run:
    """One start of the small site."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.port = free_port()
        self.folder = folder
        names = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "PORTAL_VAR", "MAKELEVEL")
        clean = {name: value for name, value in os.environ.items() if name not in names}
        # The site imports the portal's modules; the portal itself is not started.
        clean |= {"PYTHONPATH": str(PROJECT), "PORT": str(self.port)}
        self.process = subprocess.Popen(
            [sys.executable, "site_of_test.py"],
            cwd=folder,
            env=clean | more,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.said = ""

    def until_open(self) -> "Run":
        assert self.process.stdout
        while "Sign-ins" not in self.said:
            line = self.process.stdout.readline()
            assert line, self.said
            self.said += line
        return self

    def all_children(self) -> list[psutil.Process]:
        assert soon(lambda: len(self.program("worker").children()) == 2)
        return psutil.Process(self.process.pid).children(recursive=True)

    def record(self) -> dict[str, Any]:
        return json.loads((self.folder / "var/run.json").read_text())

    def names(self) -> list[str]:
        return [found["name"] for found in self.record()["programs"]]

    def program(self, name: str) -> psutil.Process:
        (pid,) = [found["pid"] for found in self.record()["programs"] if found["name"] == name]
        return psutil.Process(pid)

    def environment(self) -> dict[str, str]:
        return self.record()["environment"]

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        self.said += self.process.communicate(timeout=60)[0]
        return self.process.returncode


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("site")
    (folder / "site_of_test.py").write_text(
        SITE.replace("COMMANDS[", 'if __name__ == "__main__":\n    COMMANDS[').replace(
            "\nsys.exit(main", "\n    sys.exit(main"
        )
    )
    (folder / "manage.py").write_text(MANAGE)
    (folder / "rows.csv").write_text("1\n")
    yield folder
    place = lasting_place(folder / "var")
    shutil.rmtree(place.stamps.parents[1] if place.account else place.stamps.parent)


@pytest.fixture
def started() -> Iterator[list[Run]]:
    runs: list[Run] = []
    yield runs
    for run in runs:
        if run.process.poll() is None:
            run.end(signal.SIGTERM)


def rows(run: Run) -> int:
    with psycopg.connect(run.environment()["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row
    return int(row[0])


def live(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if is_alive(process)]


def soon(condition: Callable[[], bool]) -> bool:
    # A bound, not a measure: on a busy machine PostgreSQL takes its time to write everything.
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        with suppress(psutil.NoSuchProcess):  # it ended between two looks
            if condition():
                return True
        time.sleep(0.05)
    return False


def test_it_opens_once_and_ends_leaving_nothing_but_its_data(
    folder: Path, started: list[Run]
) -> None:
    started.append(run := Run(folder).until_open())
    assert f"The portal is open at http://127.0.0.1:{run.port}" in run.said
    assert soon(lambda: run.names() == ["postgres", "redis", "worker", "beat", "web"])
    assert rows(run) == 1
    with redis.Redis.from_url(run.environment()["REDIS_URL"]) as client:
        client.set("kept", "yes")
    sockets = Path(run.record()["sockets"])
    assert sockets.exists()

    second = Run(folder)
    assert second.process.communicate(timeout=20)[0] == (
        f"Cannot run: This checkout already runs as process {run.process.pid}; "
        f"end that with `kill {run.process.pid}` first.\n"
    )
    assert second.process.returncode == 2

    children = run.all_children()
    assert len(children) > 5, "servers, web and worker have children of their own"
    assert run.end(signal.SIGTERM) == 0
    assert run.said.endswith("Stopped.\n")
    assert live(children) == []
    assert not sockets.exists()
    assert not (folder / "var/run.json").exists()

    started.append(again := Run(folder).until_open())
    assert rows(again) == 1
    with redis.Redis.from_url(again.environment()["REDIS_URL"]) as client:
        assert client.get("kept") == b"yes"


def test_killed_outright_it_loses_nothing_and_leaves_no_one(
    folder: Path, started: list[Run]
) -> None:
    started.append(run := Run(folder).until_open())
    children = run.all_children()
    sockets = Path(run.record()["sockets"])
    before = rows(run)
    with psycopg.connect(run.environment()["DATABASE_URL"]) as connection:
        connection.execute("INSERT INTO kept VALUES (2)")
    with redis.Redis.from_url(run.environment()["REDIS_URL"]) as client:
        client.set("killed", "yes")
        time.sleep(1.1)  # Redis writes to disk each second
    run.process.kill()
    run.process.communicate()
    if sys.platform == "linux":
        assert soon(lambda: live(children) == []), "the kernel ends them, without a new start"

    started.append(again := Run(folder).until_open())
    assert live(children) == []
    assert not sockets.exists()
    assert rows(again) == before + 1
    with redis.Redis.from_url(again.environment()["REDIS_URL"]) as client:
        assert client.get("killed") == b"yes"


def test_the_worker_is_started_again_and_may_finish_its_task(
    folder: Path, started: list[Run]
) -> None:
    started.append(run := Run(folder).until_open())
    others = [run.program(name) for name in ("redis", "postgres", "beat", "web")]
    first = run.program("worker")
    assert soon(lambda: len(first.children()) == 2)
    family = [first, *first.children()]
    first.kill()
    assert soon(lambda: run.program("worker") != first)
    assert live(family) == []
    assert live(others) == others

    subprocess.run(
        [sys.executable, "-c", "import site_of_test as site; site.take_time.delay(2)"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(PROJECT)} | run.environment(),
        check=True,
    )
    assert soon((folder / "begun").exists)
    assert not (folder / "done").exists()
    assert run.end(signal.SIGINT) == 0
    assert (folder / "done").exists()


@pytest.mark.parametrize(
    ("port", "said"),
    [
        ("http", "PORT is 'http': it must be a whole number from 1 to 65535."),
        ("0", "PORT is '0': it must be a whole number from 1 to 65535."),
        ("65536", "PORT is '65536': it must be a whole number from 1 to 65535."),
    ],
)
def test_a_port_that_is_none_is_refused(folder: Path, port: str, said: str) -> None:
    run = Run(folder, PORT=port)
    assert run.process.communicate(timeout=20)[0] == f"Cannot run: {said}\n"
    assert run.process.returncode == 2


def test_a_port_that_is_taken_is_refused(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = Run(folder, PORT=str(port))
        said = run.process.communicate(timeout=20)[0]
    assert said == (
        f"Cannot run: Port {port} is taken by another program: "
        f"choose another with `make run PORT=...`.\n"
    )
    assert run.process.returncode == 2


def test_a_step_that_fails_stops_everything(folder: Path) -> None:
    (folder / "rows.csv").write_text("2\n")
    run = Run(folder, FAIL_fill="3")
    assert run.process.communicate(timeout=60)[0].endswith(
        "Cannot run: `manage.py fill` failed (exit code 3); it says why above.\n"
    )
    assert run.process.returncode == 2
    assert not (folder / "var/run.json").exists()


def test_a_step_is_taken_again_only_when_what_it_is_made_from_changed(tmp_path: Path) -> None:
    (tmp_path / "manage.py").write_text(MANAGE)
    source = tmp_path / "rows.csv"
    source.write_text("1\n")
    place = Place(tmp_path / "postgres/data", tmp_path, tmp_path, is_lasting=True)
    fill, files = ("touch", ("rows.csv",), ""), ("files", ("rows.csv",), "made")
    steps = [Step(name, (name,), source, makes) for name, source, makes in (fill, files)]
    steps.append(Step("every time", ("signs",)))

    def asked(place: Place | None) -> list[str]:
        (tmp_path / "asked").unlink(missing_ok=True)
        with Supervisor() as supervisor:
            for step in steps:
                environment = os.environ | {"PORTAL_VAR": str(tmp_path)}
                take_step(supervisor, tmp_path, environment, place, step)
        return (tmp_path / "asked").read_text().split()

    assert asked(place) == ["touch", "files", "signs"]
    assert asked(place) == ["signs"]
    assert asked(None) == ["touch", "signs"], "others may have changed a database outside"
    shutil.rmtree(tmp_path / "made")
    assert asked(place) == ["files", "signs"]
    shutil.rmtree(tmp_path / "postgres")
    assert asked(place) == ["touch", "signs"]
    source.write_text("2\n")
    assert asked(place) == ["touch", "files", "signs"]


def test_a_step_that_failed_is_taken_again(tmp_path: Path) -> None:
    (tmp_path / "manage.py").write_text(MANAGE)
    (tmp_path / "rows.csv").write_text("1\n")
    step = Step("Files", ("files",), ("rows.csv",), makes="made")
    environment = os.environ | {"PORTAL_VAR": str(tmp_path)}
    with Supervisor() as supervisor:
        with pytest.raises(CannotRun):
            take_step(supervisor, tmp_path, environment | {"FAIL_files": "1"}, None, step)
        take_step(supervisor, tmp_path, environment, None, step)
        take_step(supervisor, tmp_path, environment, None, step)
    assert (tmp_path / "asked").read_text().split() == ["files", "files"]


def test_the_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    key = kept_key(tmp_path / "var/secret-key")
    assert len(key) >= 50
    assert kept_key(tmp_path / "var/secret-key") == key
    assert kept_key(tmp_path / "other/secret-key") != key
    assert (tmp_path / "var/secret-key").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends children on Linux only")
def test_a_signal_held_back_around_it_still_ends_its_programs(
    folder: Path, started: list[Run]
) -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGQUIT, signal.SIGTERM})
    try:
        started.append(run := Run(folder).until_open())
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    children = run.all_children()
    run.process.kill()
    run.process.communicate()
    assert soon(lambda: live(children) == [])

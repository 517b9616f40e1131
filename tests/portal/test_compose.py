"""The roles of docker-compose.yml: the portal's own can write rows and lift no guard."""

import os
import subprocess
from collections.abc import Callable, Iterator

import psycopg
import pytest
import yaml
from psycopg.errors import InsufficientPrivilege, RaiseException

from portal.embedded import Services, binaries_for, start_services, throw_away_place
from portal.processes import Supervisor
from portal.supervisor import PROJECT

Connect = Callable[[str], psycopg.Connection]

GUARDED = """
CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent; CREATE EXTENSION btree_gist;
CREATE TABLE posting (id int GENERATED ALWAYS AS IDENTITY, amount numeric);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE 'append-only'; END $$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE OR TRUNCATE ON posting EXECUTE FUNCTION refuse();
INSERT INTO posting (amount) VALUES (1);
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Services]:
    with throw_away_place() as place, Supervisor() as supervisor:
        services = start_services(supervisor, place)
        # The image makes no database of its own either.
        with psycopg.connect(
            services.database_url.replace("5432/portal", "5432/postgres"), autocommit=True
        ) as connection:
            connection.execute("DROP DATABASE portal")
        subprocess.run(
            ["/bin/sh", "-c", roles_script()],
            env={
                "PATH": f"{binaries_for(place)}:{os.defpath}",
                "PGHOST": str(services.sockets),
                "POSTGRES_USER": "portal",
                "OWNER_PASSWORD": "Owner1",
                "APP_PASSWORD": "App1",
            },
            check=True,
        )
        yield services


def roles_script() -> str:
    compose = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
    return str(compose["configs"]["roles"]["content"]).replace("$$", "$")


@pytest.fixture(scope="module")
def connect(server: Services) -> Connect:
    def as_role(role: str) -> psycopg.Connection:
        return psycopg.connect(host=str(server.sockets), dbname="portal", user=role)

    return as_role


@pytest.fixture(scope="module", autouse=True)
def posting(connect: Connect) -> None:
    with connect("portal_owner") as owner:
        owner.execute(GUARDED)


def test_the_portal_writes_rows_of_what_the_owner_migrated(connect: Connect) -> None:
    with connect("portal_app") as portal:
        portal.execute("INSERT INTO posting (amount) VALUES (2)")
        total = portal.execute("SELECT sum(amount), max(id) FROM posting").fetchone()
        portal.rollback()
    assert total == (3, 2)


@pytest.mark.parametrize(
    "attempt",
    [
        "ALTER TABLE posting DISABLE TRIGGER guard",
        "DROP TRIGGER guard ON posting",
        "DROP FUNCTION refuse() CASCADE",
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "DROP TABLE posting",
        "TRUNCATE posting",
        "SET session_replication_role = replica",
        "SET ROLE portal_owner",
        "CREATE TABLE another ()",
    ],
)
def test_the_portal_can_lift_no_guard(connect: Connect, attempt: str) -> None:
    with connect("portal_app") as portal, pytest.raises(InsufficientPrivilege):
        portal.execute(attempt)


@pytest.mark.parametrize("attempt", ["UPDATE posting SET amount = 0", "DELETE FROM posting"])
def test_the_portal_meets_the_guard(connect: Connect, attempt: str) -> None:
    with connect("portal_app") as portal, pytest.raises(RaiseException) as refused:
        portal.execute(attempt)
    assert refused.value.diag.message_primary == "append-only"

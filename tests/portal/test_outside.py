"""Servers of one's own: both are named and answer, or one line says what to do."""

import socket
from collections.abc import Iterator

import pytest

from portal.embedded import Services, start_services, throw_away_place
from portal.outside import outside_servers
from portal.processes import CannotRun, Supervisor


@pytest.fixture(scope="module")
def servers() -> Iterator[Services]:
    with throw_away_place() as place, Supervisor() as supervisor:
        yield start_services(supervisor, place)


@pytest.fixture
def nobody() -> Iterator[int]:
    """A port that is taken by someone who never answers, so that no server can be there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def refusal(**environment: str) -> str:
    with pytest.raises(CannotRun) as refused:
        outside_servers(environment)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_without_either_there_are_none() -> None:
    assert outside_servers({}) is None
    assert outside_servers({"DATABASE_URL": "", "REDIS_URL": ""}) is None


def test_both_that_answer_are_used(servers: Services) -> None:
    named = {"DATABASE_URL": servers.database_url, "REDIS_URL": servers.redis_url}
    assert outside_servers(named) == (servers.database_url, servers.redis_url)


def test_one_alone_is_refused() -> None:
    assert refusal(DATABASE_URL="postgres://h/d") == (
        "DATABASE_URL is set and REDIS_URL is not: set both to use servers of your own, "
        "or neither to use the embedded ones."
    )
    assert refusal(REDIS_URL="redis://h/0") == (
        "REDIS_URL is set and DATABASE_URL is not: set both to use servers of your own, "
        "or neither to use the embedded ones."
    )


@pytest.mark.parametrize("url", ["mysql://me:secret@h/d", "secret", "postgres://me:secret@h:x/d"])
def test_an_address_that_cannot_be_read_is_not_repeated(url: str) -> None:
    assert refusal(DATABASE_URL=url, REDIS_URL="redis://h/0") == (
        "DATABASE_URL cannot be read: write it as postgres://user:password@host:port/name."
    )


def test_a_redis_address_that_cannot_be_read_is_refused(servers: Services) -> None:
    assert refusal(DATABASE_URL=servers.database_url, REDIS_URL="memcache://h") == (
        "REDIS_URL cannot be read: write it as redis://user:password@host:port/name."
    )


def test_a_database_that_does_not_answer_is_named_without_its_password(nobody: int) -> None:
    said = refusal(
        DATABASE_URL=f"postgres://me:secret@127.0.0.1:{nobody}/d", REDIS_URL="redis://h/0"
    )
    assert said.startswith(
        f"DATABASE_URL (postgres://127.0.0.1:{nobody}/d) cannot be used: start that server, "
        f"correct DATABASE_URL, or unset both it and REDIS_URL. ("
    )
    assert "secret" not in said


def test_a_database_that_is_not_there_is_refused(servers: Services) -> None:
    wrong = servers.database_url.replace(":5432/portal", ":5432/nothing")
    said = refusal(DATABASE_URL=wrong, REDIS_URL=servers.redis_url)
    assert 'database "nothing" does not exist' in said


def test_a_redis_that_does_not_answer_is_named_without_its_password(
    servers: Services, nobody: int
) -> None:
    said = refusal(
        DATABASE_URL=servers.database_url, REDIS_URL=f"redis://:secret@127.0.0.1:{nobody}/0"
    )
    assert said.startswith(
        f"REDIS_URL (redis://127.0.0.1:{nobody}/0) cannot be used: start that server, "
        f"correct REDIS_URL, or unset both it and DATABASE_URL. ("
    )
    assert "secret" not in said


def test_a_redis_password_that_is_wrong_is_refused(servers: Services) -> None:
    address = servers.redis_url.rsplit("@", 1)[1]
    said = refusal(DATABASE_URL=servers.database_url, REDIS_URL=f"redis://:secret@{address}")
    assert said.startswith(f"REDIS_URL (redis://{address}) cannot be used: ")
    assert "secret" not in said

"""PostgreSQL and Redis of the person's own, named by DATABASE_URL and REDIS_URL."""

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.processes import CannotRun

OLDEST_POSTGRESQL = 150_000  # as PostgreSQL numbers version 15
OLDEST_REDIS = (6, 2)
PATIENCE = 5  # seconds for a connection


def outside_servers(environment: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the addresses of the database and of Redis; None if the environment names neither.

    Refuses, saying what to do, where only one is named or one does not answer or is too old.
    """
    database_url = environment.get("DATABASE_URL", "")
    redis_url = environment.get("REDIS_URL", "")
    if not database_url and not redis_url:
        return None
    if not (database_url and redis_url):
        named, other = ("DATABASE_URL", "REDIS_URL")[:: 1 if database_url else -1]
        raise CannotRun(
            f"{named} is set and {other} is not: set both to use servers of your own, "
            f"or neither to use the embedded ones."
        )
    _check_scheme("DATABASE_URL", database_url, ("postgres", "postgresql"))
    _check_scheme("REDIS_URL", redis_url, ("redis", "rediss"))
    _check_database(database_url)
    _check_redis(redis_url)
    return database_url, redis_url


def _check_scheme(name: str, url: str, schemes: tuple[str, ...]) -> None:
    # Said without the address: what cannot be read may have its password anywhere.
    try:
        readable = urlsplit(url).scheme in schemes and bool(urlsplit(url).port or True)
    except ValueError:
        readable = False
    if not readable:
        raise CannotRun(
            f"{name} cannot be read: write it as {schemes[0]}://user:password@host:port/name."
        )


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rsplit("@", 1)[-1], parts.path, "", ""))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")


def _check_database(url: str) -> None:
    advice = "start that server, correct DATABASE_URL, or unset both it and REDIS_URL"
    try:
        with psycopg.connect(url, connect_timeout=PATIENCE) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        where = _without_password(url)
        raise CannotRun(
            f"DATABASE_URL ({where}) cannot be used: {advice}. ({_one_line(error)})"
        ) from error
    if version < OLDEST_POSTGRESQL:
        raise CannotRun(
            f"DATABASE_URL ({_without_password(url)}) is PostgreSQL {version // 10_000}: "
            f"the portal needs {OLDEST_POSTGRESQL // 10_000} or newer."
        )


def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=PATIENCE,
        socket_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )


def _check_redis(url: str) -> None:
    advice = "start that server, correct REDIS_URL, or unset both it and DATABASE_URL"
    try:
        with _redis(url) as client:
            version = str(client.info("server")["redis_version"])
    except (redis.RedisError, ValueError) as error:
        where = _without_password(url)
        raise CannotRun(
            f"REDIS_URL ({where}) cannot be used: {advice}. ({_one_line(error)})"
        ) from error
    if tuple(map(int, version.split(".")[:2])) < OLDEST_REDIS:
        raise CannotRun(
            f"REDIS_URL ({_without_password(url)}) is Redis {version}: "
            f"the portal needs {'.'.join(map(str, OLDEST_REDIS))} or newer."
        )

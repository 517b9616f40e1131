"""The people, and the one place where the guard of the append-only tables may be lifted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from portal.accounts.models import Role, User
from portal.countries.models import Country
from tests.browser import launch_options

# The browser's driver keeps an event loop in the test's own thread, for as long as the process lives; Django
# would refuse the database to every later test there, though none of them is asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PLAIN_STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"


@pytest.fixture(scope="session", autouse=True)
def plain_static_files() -> Iterator[None]:
    """Tests serve static files as they lie in their folders, without collecting and hashing them first."""
    storages = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_STATIC}}
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    with override_settings(STORAGES=storages):
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """People of tests are known by a quick digest: a safe one takes a third of a second for each of them."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def file_store(tmp_path) -> Iterator[Path]:
    """The folder in which files are kept while a test runs."""
    folder = tmp_path / "files"
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": folder}}
    with override_settings(STORAGES={**settings.STORAGES, "default": default}):
        yield folder


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, **launch_options()}


GUARDED = (
    "audit_entry",
    "audit_seal",
    "audit_sealpage",
    "ledger_posting",
    "ledger_milestone",
    "ledger_tag",
    "programmes_version",
)


def _set_truncate_guard(*, on: bool) -> None:
    word = "ENABLE" if on else "DISABLE"
    with connection.cursor() as cursor:
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} {word} TRIGGER {table}_refuse_truncate")


@pytest.fixture
def _guard_stands_again(request, django_db_setup, django_db_blocker) -> Iterator[None]:
    """Set up before a transactional test's database, so that it ends after the rows are flushed."""
    yield
    with django_db_blocker.unblock():
        _set_truncate_guard(on=True)


@pytest.fixture
def lifted_guard(_guard_stands_again, transactional_db) -> Iterator[None]:
    """For tests that commit: the guard stands during the test and is lifted only for the flush after it."""
    yield
    _set_truncate_guard(on=False)


@pytest.fixture
def morocco(db) -> Country:
    return Country.objects.create(code="MA", iso3="MAR", name="Morocco")


@pytest.fixture
def moldova(db) -> Country:
    return Country.objects.create(code="MD", iso3="MDA", name="Moldova")


def _person(email: str, name: str, role: Role, country: Country | None = None) -> User:
    return User.objects.create_user(
        email=email, password="correct horse battery", name=name, role=role, country=country
    )


@pytest.fixture
def officer(db) -> User:
    return _person("officer@example.org", "Olga Officer", Role.OFFICER)


@pytest.fixture
def second_officer(db) -> User:
    return _person("second@example.org", "Sven Second", Role.OFFICER)


@pytest.fixture
def official(morocco) -> User:
    return _person("official@example.org", "Omar Official", Role.OFFICIAL, morocco)


@pytest.fixture
def other_official(moldova) -> User:
    return _person("other@example.org", "Oxana Official", Role.OFFICIAL, moldova)


@pytest.fixture
def auditor(db) -> User:
    return _person("auditor@example.org", "Ana Auditor", Role.AUDITOR)


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture
def as_person() -> Iterator[object]:
    """`as_person(user)` gives a client that is signed in as that person."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in

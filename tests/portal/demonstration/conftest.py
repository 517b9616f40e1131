from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from portal.management.demonstration.first_look import make_demonstration
from tests.factories.demonstration import add_vocabulary


@pytest.fixture(scope="package")
def demonstration(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """One demonstration for all tests of this folder, made in a transaction that is rolled back."""
    own = {"OPTIONS": {"location": tmp_path_factory.mktemp("files")}}
    stores = {**settings.STORAGES, "default": {**settings.STORAGES["default"], **own}}
    with override_settings(STORAGES=stores), django_db_blocker.unblock(), transaction.atomic():
        add_vocabulary()
        make_demonstration()
        yield
        transaction.set_rollback(True)

"""The number of a request: in its answer, in the entries it writes, and in the tasks it asks for."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid

import pytest
from django.conf import settings
from django.test import override_settings

from portal.audit.models import Entry
from portal.audit.requests import numbered, request_id
from portal.audit.trail import write_entry
from tests.factories.programmes import ProgrammeFactory
from tests.servers import database_url, own_queue

GIVEN = "0f7d9c1e-4b5a-4e0f-9a55-6f7d8c9b0a1e"
PROBE = """
import django; django.setup()
from celery import shared_task
from portal.audit.requests import numbered, request_id
from portal.audit.trail import write_entry
from portal.celery import app

@shared_task(name="probe")
def probe():
    write_entry("look", by=None, record_kind="project")
    app.control.broadcast("shutdown")

"""


@pytest.mark.django_db
def test_every_answer_tells_a_number_of_its_own(visitor):
    first, second = visitor.get("/"), visitor.get("/")
    numbers = {uuid.UUID(response["X-Request-ID"]) for response in (first, second)}
    assert len(numbers) == 2


@pytest.mark.django_db
def test_a_refusal_has_one_too(visitor):
    assert uuid.UUID(visitor.get("/projects/NONE-SUCH/")["X-Request-ID"])


@pytest.mark.django_db
def test_a_strangers_number_is_not_taken_over(visitor):
    assert visitor.get("/", headers={"X-Request-ID": GIVEN})["X-Request-ID"] != GIVEN


@pytest.mark.django_db
@override_settings(TRUST_REQUEST_ID=True)
def test_a_trusted_proxys_number_is(visitor):
    assert visitor.get("/", headers={"X-Request-ID": GIVEN})["X-Request-ID"] == GIVEN


@pytest.mark.django_db
@override_settings(TRUST_REQUEST_ID=True)
@pytest.mark.parametrize(
    "text", ["", "short", "x" * 37, "with space inside", "ünïcödé-1234", "a;b;c;d;e"]
)
def test_one_that_is_malformed_is_not(visitor, text):
    assert uuid.UUID(visitor.get("/", headers={"X-Request-ID": text})["X-Request-ID"])


@pytest.mark.django_db
def test_an_entry_carries_the_number_of_its_request(officer, as_person):
    ProgrammeFactory()
    response = as_person(officer).post(
        "/evaluation/reports/add/", {"programme": "TPMA", "axis": "budget"}
    )
    assert response.status_code == 302
    assert Entry.objects.get(verb="request_report").request_id == response["X-Request-ID"]


@pytest.mark.django_db
def test_a_command_has_none():
    assert request_id() == ""
    assert write_entry("look", by=None, record_kind="project").request_id == ""


def test_a_number_ends_with_its_request():
    with numbered(GIVEN):
        assert request_id() == GIVEN
    assert request_id() == ""


def test_a_real_worker_works_under_the_number_of_the_request(tmp_path, lifted_guard):
    (tmp_path / "probing.py").write_text(PROBE)
    with own_queue(tmp_path) as queue:
        environment = os.environ | {
            "DATABASE_URL": database_url(),
            "REDIS_URL": queue,
            "PYTHONPATH": f"{tmp_path}{os.pathsep}{settings.BASE_DIR}",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
        }

        def run(*words: str) -> None:
            subprocess.run([sys.executable, *words], env=environment, check=True, timeout=60)

        ask = f"from probing import *\nwith numbered('{GIVEN}'): probe.delay()"
        run("-c", ask)
        run("-m", "celery", "-A", "probing", "worker", "-P", "solo", "-l", "ERROR", "-I", "probing")
    assert Entry.objects.get().request_id == GIVEN

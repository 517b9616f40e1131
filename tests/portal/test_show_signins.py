"""What is printed when the portal is ready: where to go, and who can sign in how."""

from __future__ import annotations

from io import StringIO

from django.core.management import call_command

from portal.accounts.models import Role, User


def shown() -> str:
    out = StringIO()
    call_command("show_signins", stdout=out)
    return out.getvalue()


def test_it_shows_address_and_those_who_are_there(moldova, monkeypatch):
    monkeypatch.setenv("PORT", "8123")
    User.objects.create_user(
        email="mihai@example.org", password="x", name="Mihai", role=Role.OFFICIAL, country=moldova
    )
    User.objects.create_user(
        email="aurel@example.org", password="x", name="Aurel", role=Role.AUDITOR
    )
    assert shown() == (
        "http://127.0.0.1:8123/\n"
        "  Partner-country official (MD)  mihai@example.org  demonstration-mihai\n"
        "  Auditor                        aurel@example.org  demonstration-aurel\n"
    )


def test_without_people_it_says_what_to_run(db, monkeypatch):
    monkeypatch.delenv("PORT", raising=False)
    assert shown() == (
        "http://127.0.0.1:8000/\nNobody can sign in: run `manage.py seed_demo` first.\n"
    )

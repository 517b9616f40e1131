"""The people of the demonstration: who they are and how they sign in."""

from __future__ import annotations

from dataclasses import dataclass

from portal.accounts.models import Role, User
from portal.countries.models import Country


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in to a demonstration, with a password that everybody may read."""

    email: str
    name: str
    role: Role
    password: str
    country: str = ""


PEOPLE = (
    Person("olivia@example.org", "Olivia Officer", Role.OFFICER, "demonstration-olivia"),
    Person("stefan@example.org", "Stefan Second", Role.OFFICER, "demonstration-stefan"),
    Person("malika@example.org", "Malika of Morocco", Role.OFFICIAL, "demonstration-malika", "MA"),
    Person("mihai@example.org", "Mihai of Moldova", Role.OFFICIAL, "demonstration-mihai", "MD"),
    Person("aurel@example.org", "Aurel Auditor", Role.AUDITOR, "demonstration-aurel"),
)


def add_people() -> int:
    """Add those of the demonstration people who are not there yet, and return how many were added."""
    there = set(
        User.objects.filter(email__in=[person.email for person in PEOPLE]).values_list(
            "email", flat=True
        )
    )
    missing = [person for person in PEOPLE if person.email not in there]
    for person in missing:
        country = Country.objects.get(code=person.country) if person.country else None
        User.objects.create_user(
            email=person.email,
            password=person.password,
            name=person.name,
            role=person.role,
            country=country,
        )
    return len(missing)


def officers() -> tuple[User, User]:
    """The two officers in whose names the demonstration is posted."""
    first, second = (
        User.objects.get(email=person.email) for person in PEOPLE if person.role == Role.OFFICER
    )
    return first, second


MEASURING = ("first.officer@measuring.example.org", "second.officer@measuring.example.org")


def add_measuring_officers() -> tuple[User, User]:
    """Two officers in whose names a database for measuring is filled; nobody can sign in as either."""
    first, second = (
        User.objects.create_user(email=email, name=name, role=Role.OFFICER)
        for email, name in zip(MEASURING, ("First Officer", "Second Officer"), strict=True)
    )
    return first, second

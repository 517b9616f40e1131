"""Signing in, setting a new password, and what those who may not come in are told."""

import re
from uuid import uuid4

import pytest
from django.core import mail
from lxml import html

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _surroundings(settings):
    """Attempts are counted in Redis: each test counts under a name of its own."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid4().hex}}


def words(element):
    return " ".join(element.text_content().split())


def page_of(response):
    return html.fromstring(response.content.decode())


def errors_in(response):
    return [words(line) for line in page_of(response).xpath("//*[@data-error-summary]//li")]


def sign_in(client, email, password=PASSWORD):
    return client.post("/accounts/login/", {"login": email, "password": password})


def test_a_person_signs_in_and_comes_to_their_dashboard(client, officer):
    response = sign_in(client, officer.email)
    assert (response.status_code, response["Location"]) == (302, "/dashboard/")
    page = page_of(client.get("/accounts/logout/"))
    person = page.find_class("portal-header__words")[0]
    assert [words(part) for part in person] == ["Olga Officer", "Programme officer"]


def test_a_wrong_password_is_refused_without_saying_which_part_is_wrong(client, officer):
    known = sign_in(client, officer.email, "wrong")
    unknown = sign_in(client, "nobody@example.org", "wrong")
    assert errors_in(known) == ["The email address and/or password you specified are not correct."]
    assert errors_in(unknown) == errors_in(known)
    assert "_auth_user_id" not in client.session


def test_many_wrong_passwords_close_the_door_for_a_while(client, officer):
    answers = [errors_in(sign_in(client, officer.email, "wrong")) for _ in range(6)]
    assert answers[-1] == ["Too many failed login attempts. Try again later."]
    assert errors_in(sign_in(client, officer.email)) == answers[-1]
    assert "_auth_user_id" not in client.session


def test_signing_out_takes_one_deliberate_step(client, officer):
    sign_in(client, officer.email)
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_set_anew_through_the_mail(client, officer):
    client.post("/accounts/password/reset/", {"email": officer.email})
    assert [message.to for message in mail.outbox] == [[officer.email]]
    address = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body).group(1)
    form = client.get(address, follow=True)
    changed = {"password1": "another horse battery", "password2": "another horse battery"}
    client.post(form.request["PATH_INFO"], changed)
    assert errors_in(sign_in(client, officer.email)) != []
    assert sign_in(client, officer.email, "another horse battery").status_code == 302


def test_a_weak_new_password_is_refused_with_every_reason(client, officer):
    client.post("/accounts/password/reset/", {"email": officer.email})
    address = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body).group(1)
    form = client.get(address, follow=True)
    refused = client.post(
        form.request["PATH_INFO"], {"password1": "password", "password2": "password"}
    )
    assert errors_in(refused) == [
        "New Password: This password is too short. It must contain at least 12 characters.",
        "New Password: This password is too common.",
    ]


def test_a_used_link_says_so_and_offers_a_new_one(client):
    page = page_of(client.get("/accounts/password/reset/key/1-abc/"))
    assert words(page.find_class("portal-notice__title")[0]) == "This link no longer works"
    assert "/accounts/password/reset/" in page.xpath("//main//a/@href")


def test_an_unknown_address_gets_no_offer_to_sign_up(client, db):
    client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert [message.to for message in mail.outbox] == [["nobody@example.org"]]
    assert "signup" not in mail.outbox[0].body


def test_nobody_signs_up_on_their_own(client):
    page = page_of(client.get("/accounts/signup/"))
    assert words(page.find(".//h1")) == "Accounts are given, not taken"
    assert page.xpath("//main//form") == []


@pytest.mark.parametrize("path", ["login/", "password/reset/", "password/reset/done/", "inactive/"])
def test_pages_of_the_way_in_are_open_to_all(client, path):
    assert client.get(f"/accounts/{path}").status_code == 200


@pytest.mark.parametrize("path", ["password/change/", "email/", "reauthenticate/"])
def test_pages_of_ones_own_account(client, officer, path):
    refused = client.get(f"/accounts/{path}")
    assert (refused.status_code, refused["Location"]) == (
        302,
        f"/accounts/login/?next=/accounts/{path}",
    )
    client.force_login(officer)
    assert client.get(f"/accounts/{path}").status_code == 200


def test_the_language_can_be_chosen_without_signing_in(client):
    response = client.post("/languages/", {"language": "ar", "next": "/accounts/login/"})
    assert response["Location"] == "/accounts/login/"
    page = page_of(client.get("/accounts/login/"))
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")

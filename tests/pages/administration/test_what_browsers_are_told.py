"""What every answer tells the browser, and what it never tells."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from engine.words import Role
from tests.pages.administration.conftest import PASSWORD, Before, Somebody
from tests.pages.pages_over import pages_over
from tests.pages.visitor import Visitor, signed_in
from web.pages import tasks
from web.visits.site import NAME


@pytest.mark.parametrize("path", ["/login", "/tasks", "/cases/987654321", "/nowhere", "/audit/records"])
def test_every_answer_carries_the_headers_whatever_it_is(before: Before, path: str) -> None:
    told = before(Role.PERFORMANCE_OFFICE).get(path).headers

    policy = told["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'nonce-" in policy
    assert (told["X-Content-Type-Options"], told["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert told["Cache-Control"] == "no-store"


def test_behind_https_the_browser_keeps_to_it_and_sends_the_session_no_other_way(
    app: Flask, somebody: Somebody
) -> None:
    person = somebody(Role.PERFORMANCE_OFFICE)
    secure = pages_over(replace(app.extensions[NAME], secure=True))
    told = {"jurisdiction": "huaxi", "login": f"{person.name}@{person.unit_id}", "password": PASSWORD}

    answer = Visitor(secure).post("/login", told)

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookies = answer.headers.getlist("Set-Cookie")
    (session,) = [each for each in cookies if each.startswith("__Host-jx_session=")]
    assert "Secure" in session
    assert "Path=/" in session
    assert "Domain" not in session


def test_behind_https_a_session_under_the_plain_name_is_nobodys(app: Flask, somebody: Somebody) -> None:
    person = somebody(Role.PERFORMANCE_OFFICE)
    secure = pages_over(replace(app.extensions[NAME], secure=True))
    cookie = signed_in(app, person).cookie

    clients = {name: secure.test_client() for name in ("jx_session", "__Host-jx_session")}
    for name, client in clients.items():
        client.set_cookie(name, cookie)

    assert {name: client.get("/").location for name, client in clients.items()} == {
        "jx_session": "/login?next=%2F",
        "__Host-jx_session": "/tasks",
    }


def test_no_script_reads_the_session(app: Flask, somebody: Somebody) -> None:
    person = somebody(Role.PERFORMANCE_OFFICE)
    told = {"jurisdiction": "huaxi", "login": f"{person.name}@{person.unit_id}", "password": PASSWORD}

    answer = Visitor(app).post("/login", told)
    token = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("jx_session="))
    page = signed_in(app, person).get("/tasks").text

    assert "HttpOnly" in token
    assert "SameSite=Lax" in token
    assert token.partition("=")[2].partition(";")[0] not in page


@pytest.mark.parametrize("target", ["//elsewhere.example/x", "https://elsewhere.example", "/\\elsewhere.example", "x"])
def test_after_the_login_nobody_is_sent_to_another_site(app: Flask, somebody: Somebody, target: str) -> None:
    person = somebody(Role.PERFORMANCE_OFFICE)
    login = f"{person.name}@{person.unit_id}"

    answer = Visitor(app).post(
        "/login", {"jurisdiction": "huaxi", "login": login, "password": PASSWORD, "next": target}
    )

    assert answer.location == "/"


def test_an_accident_is_told_as_a_number_and_nothing_of_it_shows(
    before: Before, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("示例：密码是 secret")

    monkeypatch.setenv("JIXIAO_LOGS", str(tmp_path))
    monkeypatch.setattr(tasks, "render_template", broken)

    answer = before(Role.PERFORMANCE_OFFICE).get("/tasks")

    assert answer.status_code == 500
    assert "请把编号" in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "示例：密码是 secret" in next(tmp_path.iterdir()).read_text("utf-8")

"""`jixiao account first`: the operator opens the first administrators of a jurisdiction, and only the first."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from engine.accounts import SignedIn, keys_from, new_key, sign_in
from engine.clock import SystemClock
from engine.directory import seats_of
from engine.store import Database
from engine.words import Role
from tests.integration.refusals import must_be_a_sentence
from web.cli import main


@pytest.fixture
def jixiao(database: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line before this database."""
    monkeypatch.setenv("DATABASE_URL", database.logins.application)
    monkeypatch.setenv("DATABASE_OWNER_URL", database.logins.as_owner())
    return lambda *words: CliRunner().invoke(main, ["account", "first", *words, "--json"])


def test_the_first_administrator_comes_in_with_the_password_printed_once(
    jixiao: Callable[..., Result], database: Database
) -> None:
    told = json.loads(jixiao("xitong", "陈系统", "--jurisdiction", "花溪").stdout)

    with database.transaction("huaxi") as session:
        came = sign_in(
            session, "xitong", told["password"], "", from_address="10.0.0.1", agent="", at=SystemClock().now(),
            keys=keys_from(new_key()),
        )  # fmt: skip
        assert isinstance(came, SignedIn)
        (seat,) = seats_of(session, came.sign_in.person_id)
    assert came.must_change
    assert (seat.unit_name, seat.roles) == ("花溪区财政局", {Role.SYSTEM_ADMIN})


def test_there_is_a_first_one_of_each_office_and_no_second(jixiao: Callable[..., Result]) -> None:
    first = jixiao("xitong", "陈系统", "--jurisdiction", "huaxi")
    other = jixiao("anquan", "李安全", "--jurisdiction", "huaxi", "--office", "安全管理员")
    again = jixiao("another", "王系统", "--jurisdiction", "huaxi")
    taken = jixiao("xitong", "赵审计", "--jurisdiction", "huaxi", "--office", "审计管理员")

    assert [each.exit_code for each in (first, other, again, taken)] == [0, 0, 1, 1]
    for refused in (again, taken):
        error = json.loads(refused.stdout)["error"]
        assert error["code"] == "directory.administration_stands"
        must_be_a_sentence(error["message"])


@pytest.mark.parametrize(("login", "name"), [(" ", "陈系统"), ("xitong", "\u200b"), ("x" * 101, "陈系统")])
def test_a_name_nobody_can_read_opens_nothing(jixiao: Callable[..., Result], login: str, name: str) -> None:
    answer = jixiao(login, name, "--jurisdiction", "huaxi")

    assert json.loads(answer.stdout)["error"]["code"] == "directory.name_refused"

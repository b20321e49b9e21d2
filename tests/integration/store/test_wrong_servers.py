"""Servers that are really wrong, started for the purpose: refused in a sentence, which `jixiao doctor` says as well."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url, text

from engine.errors import EngineError
from engine.stages import Library
from engine.store import Logins, fitness
from engine.store.fitness import postgresql, reached
from tests.conftest import BPMN
from tests.factories import START
from tests.integration.refusals import must_be_a_sentence
from tests.integration.store.clusters import PASSWORD, Cluster, new_cluster, programs_of, standby_of
from web import doctor
from web.cli import main
from web.wiring import open_database


def of_both(first: Cluster, second: Cluster, login: str) -> str:
    """The address of two servers, of which the one that takes changes is meant."""
    where = {"host": f"{first.socket},{second.socket}", "port": "5432,5432"}
    told = make_url(first.url(login)).set(query=where).render_as_string(hide_password=False)
    return postgresql(told, "DATABASE_URL")


COMMAND = re.compile("“([^”]+;)”")
NO_LOGIN = "不让账号“{}”登录。请核对 {} 里的用户和密码；还没有账号的，请管理员执行“CREATE ROLE {} LOGIN PASSWORD"
WRONG: dict[str, tuple[str, Callable[[Cluster], Logins], str]] = {
    "a standby": (
        "standby",
        lambda it: Logins(it.url("jixiao_app"), it.url("jixiao")),
        "是只读的备用服务器。请改成主服务器的地址。",
    ),
    "a standby known by its application alone": (
        "standby",
        lambda it: Logins(it.url("jixiao_other")),
        "DATABASE_URL 指定的是只读的备用服务器。请改成主服务器的地址。",
    ),
    "servers of which none takes changes": (
        "standby",
        lambda it: Logins(of_both(it, it, "jixiao_app"), of_both(it, it, "jixiao")),
        "连得上，但没有一台接受写入：多半正在切换主库，请稍候再试；",
    ),
    "a standby that answers nobody": (
        "silent_standby",
        lambda it: Logins(it.url("jixiao_app"), it.url("jixiao")),
        "暂时不接受连接。请稍候再试；一直这样的，可能是备用服务器，请改用主服务器的地址。",
    ),
    "no role for the application": (
        "primary",
        lambda it: Logins(it.url("jixiao_app"), it.url("jixiao")),
        "服务器上没有角色“jixiao_app”，账号“jixiao”也无权建立。请管理员执行“CREATE ROLE jixiao_app LOGIN",
    ),
    "no login for the application": (
        "primary",
        lambda it: Logins(it.url("jixiao_app")),
        NO_LOGIN.format("jixiao_app", "DATABASE_URL", "jixiao_app"),
    ),
    "a wrong password of the owner": (
        "primary",
        lambda it: Logins(it.url("jixiao_app"), it.url("jixiao", password="示例-wrong")),
        NO_LOGIN.format("jixiao", "DATABASE_OWNER_URL", "jixiao"),
    ),
    "a wrong password of the application": (
        "primary",
        lambda it: Logins(it.url("jixiao_other", password="示例-wrong")),
        NO_LOGIN.format("jixiao_other", "DATABASE_URL", "jixiao_app"),
    ),
    "a login that may not come from here": (
        "primary",
        lambda it: Logins(it.url("jixiao_barred")),
        "确认 pg_hba.conf 允许它从这台机器登录",
    ),
    "a login with all its connections taken": (
        "primary",
        lambda it: Logins(it.url("jixiao_crowded")),
        "连接数没有用完",
    ),
}


@pytest.fixture(scope="module")
def primary(server: Logins) -> Iterator[Cluster]:
    """A server whose administrator made the owner and its database, and forgot the application's role."""
    with new_cluster(programs_of(server)) as cluster:
        cluster.administrator.does(
            f"CREATE ROLE jixiao LOGIN PASSWORD '{PASSWORD}'",
            f"CREATE ROLE jixiao_other LOGIN PASSWORD '{PASSWORD}'",
            f"CREATE ROLE jixiao_barred LOGIN PASSWORD '{PASSWORD}'",
            f"CREATE ROLE jixiao_crowded LOGIN PASSWORD '{PASSWORD}' CONNECTION LIMIT 0",
            "CREATE DATABASE jixiao OWNER jixiao ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0",
        )
        yield cluster


@pytest.fixture(scope="module")
def standby(primary: Cluster) -> Iterator[Cluster]:
    with standby_of(primary) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def silent_standby(primary: Cluster) -> Iterator[Cluster]:
    with standby_of(primary, "hot_standby=off") as cluster:
        yield cluster


@pytest.fixture
def wrong(request: pytest.FixtureRequest) -> tuple[Logins, str]:
    """How somebody would come in to the wrong server of that name, and what has to be in the sentence."""
    which, logins, sentence = WRONG[request.param]
    return logins(request.getfixturevalue(which)), sentence


every_wrong_server = pytest.mark.parametrize("wrong", WRONG, indirect=True)


def refusal_of(logins: Logins, library: Library) -> str:
    with pytest.raises(EngineError) as caught:
        open_database(logins, BPMN, START, library)
    assert caught.value.code == "settings.database"
    must_be_a_sentence(caught.value.message)
    return caught.value.message


@every_wrong_server
def test_a_wrong_server_is_refused_with_what_its_administrator_does(
    server: Logins, wrong: tuple[Logins, str], library: Library
) -> None:
    logins, sentence = wrong

    assert sentence in refusal_of(logins, library)


def test_of_two_servers_the_one_that_takes_changes_is_found(primary: Cluster, standby: Cluster) -> None:
    with reached(of_both(standby, primary, "jixiao"), "DATABASE_URL") as connection:
        assert not connection.execute(text("SELECT pg_is_in_recovery()")).scalar_one()


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What the doctor says about the database of these logins; the machine it is asked nothing about."""

    def examine(logins: Logins, *words: str) -> str:
        monkeypatch.setattr(doctor, "OF_MACHINE", {})
        monkeypatch.setenv("DATABASE_URL", logins.application)
        monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
        if logins.owner is not None:
            monkeypatch.setenv("DATABASE_OWNER_URL", logins.owner)
        result = CliRunner().invoke(main, ["doctor", *words])
        assert (result.exit_code, result.stderr) == (1, "")
        return result.stdout

    return examine


@every_wrong_server
def test_the_doctor_says_it_in_one_line(
    server: Logins, wrong: tuple[Logins, str], examined: Callable[..., str]
) -> None:
    logins, sentence = wrong

    lines = [line for line in examined(logins).splitlines() if sentence in line]
    document = json.loads(examined(logins, "--json"))

    told = [each for each in document["results"] if sentence in each["words"]]
    assert document["ok"] is False
    assert [f"✕ {each['what']}：{each['words']}{each['remedy']}" for each in told] == lines
    assert len(lines) == 1


def test_the_doctor_calls_an_old_server_old(
    server: Logins, primary: Cluster, examined: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No older server comes with the tests, so this one is made too old; a real 14 got these words."""
    monkeypatch.setattr(fitness, "OLDEST", 99)

    (line,) = examined(Logins(primary.url("jixiao_app"), primary.url("jixiao"))).splitlines()

    assert line.startswith("✕ 数据库：DATABASE_OWNER_URL 指定的是 PostgreSQL")
    assert line.endswith("本程序需要 99 以上。请管理员升级，或换一台服务器。")


def test_the_commands_told_where_the_role_is_missing_are_all_it_takes(
    server: Logins, primary: Cluster, library: Library
) -> None:
    administrator = primary.administrator
    administrator.does("CREATE DATABASE mended OWNER jixiao TEMPLATE template0")
    logins = Logins(primary.url("jixiao_app"), primary.url("jixiao")).beside("mended")

    commands = COMMAND.findall(refusal_of(logins, library))
    administrator.does(*(command.replace("密码二", PASSWORD) for command in commands))
    database = open_database(logins, BPMN, START, library)

    with database.transaction("huaxi") as session:
        assert session.scalar(text("SELECT tenant()")) == "huaxi"
    database.close()
    administrator.does("DROP DATABASE mended", "DROP ROLE jixiao_app")

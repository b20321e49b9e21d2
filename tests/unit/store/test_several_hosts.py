"""The address of a database on several servers: in any form it comes to the same, and nothing waits for ever."""

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import create_engine, make_url

from engine.store import Logins
from engine.store.fitness import DatabaseRefused, postgresql
from engine.store.several_hosts import address_of, servers_of

FORMS = [
    "postgresql://jixiao_app:%40x@db1:5432,db2:5433/jixiao",
    "postgresql+psycopg://jixiao_app:%40x@/jixiao?host=db1:5432&host=db2:5433",
    "postgresql://jixiao_app:%40x@/jixiao?host=db1,db2&port=5432,5433",
]


@pytest.mark.parametrize("told", FORMS)
def test_every_form_comes_to_the_same(told: str) -> None:
    used = postgresql(told, "DATABASE_URL")

    _, arguments = create_engine(used).dialect.create_connect_args(make_url(used))

    assert (arguments["host"], arguments["port"], arguments["password"]) == ("db1,db2", "5432,5433", "@x")
    assert arguments["target_session_attrs"] == "read-write"


@pytest.mark.parametrize("told", FORMS)
def test_the_programs_of_postgresql_understand_what_is_used(told: str) -> None:
    plain = make_url(postgresql(told, "DATABASE_URL")).set(drivername="postgresql")

    understood = conninfo_to_dict(plain.render_as_string(hide_password=False))

    assert (understood["host"], understood["port"], understood["dbname"]) == ("db1,db2", "5432,5433", "jixiao")


def test_what_the_address_says_itself_holds() -> None:
    url = address_of("postgresql://db1,db2/jixiao?connect_timeout=2&target_session_attrs=any")

    assert (url.query["connect_timeout"], url.query["target_session_attrs"]) == ("2", "any")
    assert url.query["tcp_user_timeout"] == "25000"


def test_one_server_is_left_as_it_is() -> None:
    assert postgresql("postgresql://me@db1:5432/jixiao", "DATABASE_URL") == "postgresql+psycopg://me@db1:5432/jixiao"


def test_another_database_lies_on_the_same_servers() -> None:
    beside = Logins(postgresql(FORMS[0], "DATABASE_URL")).beside("jixiao_new").application

    assert make_url(beside).database == "jixiao_new"
    assert servers_of(make_url(beside)) == ["db1:5432", "db2:5433"]


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("postgresql://db1,db2:6000/jixiao", ["db1:5432", "db2:6000"]),
        ("postgresql://[::1]:6000,[::2]/jixiao", ["::1:6000", "::2:5432"]),
        ("postgresql:///jixiao?host=db1,db2&port=6000", ["db1:6000", "db2:6000"]),
        ("postgresql://db1/jixiao", ["db1:5432"]),
        ("postgresql:///jixiao", ["本机:5432"]),
    ],
)
def test_people_read_which_servers_are_meant(told: str, read: list[str]) -> None:
    assert servers_of(address_of(told)) == read


@pytest.mark.parametrize("told", ["postgresql://db1:many,db2/jixiao", "postgresql://[::1,db2/jixiao"])
def test_a_server_that_is_none_is_refused_with_how_to_write_it(told: str) -> None:
    with pytest.raises(DatabaseRefused, match="主机一:5432,主机二:5432"):
        postgresql(told, "DATABASE_URL")

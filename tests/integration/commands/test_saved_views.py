"""存为视图: a list under a name, for oneself or for an office, and nothing else in it than filters."""

from typing import Any

import pytest

from engine.commands import delete_view, save_view
from engine.directory import Actor
from engine.queries.saved_views import saved_views
from engine.views import MOST_VIEWS
from engine.words import Role
from tests.integration.refusals import refused
from tests.office import Office

LATE = {"view": "open", "due": "overdue"}


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


def saved(office: Office, by: Actor, name: str, asked: dict[str, Any] | None = None, **how: Any) -> int:
    with office.transactions() as session:
        return int(
            save_view(session, "tasks", name, LATE if asked is None else asked, by=by, at=office.now, **how).gave[
                "view"
            ]
        )


def deleted(office: Office, by: Actor, view: int) -> None:
    with office.transactions() as session:
        delete_view(session, view, by=by, at=office.now)


def seen(office: Office, by: Actor) -> dict[str, tuple[bool, str]]:
    """Name → whether it is one's own, and whose it is."""
    with office.transactions() as session:
        return {line.name: (line.mine, line.by) for line in saved_views(session, by, "tasks")}


def test_a_view_is_found_by_whoever_saved_it_and_nobody_else(office: Office) -> None:
    bureau = office.bureau

    saved(office, bureau.clerk, "我的逾期")

    assert seen(office, bureau.clerk)["我的逾期"] == (True, "李经办")
    assert "我的逾期" not in seen(office, bureau.head)


def test_a_shared_view_is_found_by_the_office_it_is_shared_with(office: Office) -> None:
    bureau = office.bureau

    saved(office, bureau.office, "本周复核", {"stage": "spot_review"}, shared_with=[Role.PERFORMANCE_OFFICE.value])

    assert seen(office, bureau.second_officer)["本周复核"] == (False, "王绩效")
    assert "本周复核" not in seen(office, bureau.division)


def test_a_view_of_the_same_name_is_replaced(office: Office) -> None:
    head = office.bureau.head

    first, second = saved(office, head, "常用"), saved(office, head, "常用", {"q": "学位"})

    assert first == second
    with office.transactions() as session:
        (line,) = [line for line in saved_views(session, head, "tasks") if line.name == "常用"]
        assert line.asked == {"q": "学位"}


def test_only_ones_own_view_can_be_deleted(office: Office) -> None:
    bureau = office.bureau
    view = saved(office, bureau.department, "要删的", shared_with=[Role.UNIT_HEAD.value])

    with refused(office.database, "view.not_found"):
        deleted(office, bureau.head, view)
    deleted(office, bureau.department, view)
    with refused(office.database, "view.not_found"):
        deleted(office, bureau.department, view)

    assert "要删的" not in seen(office, bureau.head)


@pytest.mark.parametrize(
    ("name", "asked", "shared"),
    [
        ("", LATE, ()), ("默认", LATE, ()), (" 空格 ", LATE, ()), ("名" * 31, LATE, ()), ("坏\x07", LATE, ()),
        ("别的条件", {"secret": "1"}, ()), ("太长", {"q": "字" * 101}, ()), ("空值", {"q": ""}, ()),
        ("没有的身份", LATE, ("nobody",)),
    ],
)  # fmt: skip
def test_what_is_no_view_is_refused(office: Office, name: str, asked: dict[str, str], shared: tuple[str, ...]) -> None:
    with refused(office.database, "view.refused"):
        saved(office, office.bureau.clerk, name, asked, shared_with=shared)


def test_nobody_saves_more_views_than_fit(office: Office) -> None:
    for number in range(MOST_VIEWS):
        saved(office, office.bureau.agency, f"视图 {number}")

    with refused(office.database, "view.refused"):
        saved(office, office.bureau.agency, "再一个")

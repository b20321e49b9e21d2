"""▲ 存疑: long texts that another unit handed in too, and what is doubtful before all else in the queue."""

from sqlalchemy import select

from engine.cases import Case
from engine.commands.start_case import start_case
from engine.directory import Unit
from engine.tasks import DOUBTFUL
from engine.words import UnitKind
from tests.factories import new_project
from tests.integration.desk import SHORT, opened, project_at, the_task
from tests.office import FISCAL_YEAR, Office
from tests.pages.reviews.conftest import Seats, Sight
from tests.pages.reviews.test_doubts import ALL_REACHED

WORDS = "示例：围绕居家养老服务，完善站点设施，培训护理队伍，提升老年人生活质量，惠及全区各个社区。"


def _filed(office: Office, step: str = "check_target", **texts: str) -> int:
    """A project whose target has these texts, before that step."""
    return _filled(office, opened(office), "fill_target", step, texts)


def _filed_for_the_running_year(office: Office, **texts: str) -> int:
    """The same for a budget that was closed before."""
    return _filled(office, opened(office, fiscal_year=FISCAL_YEAR - 1), "refile_target", "check_target", texts)


def _filled(office: Office, case: int, filling: str, step: str, texts: dict[str, str]) -> int:
    office.reach(case, f"target_filing.{filling}", **SHORT)
    office.do(case, filling, changes=texts)
    office.reach(case, f"target_filing.{step}")
    return case


def _handed_to_other_unit(office: Office, case_id: int) -> int:
    """The project as if it were another unit's of the same department."""
    with office.transactions() as session:
        other = session.scalars(select(Unit.id).where(Unit.name == "示例单位乙")).one()
        session.get_one(Case, case_id).unit_id = other
    return case_id


def _address(office: Office, case: int, step: str = "check_target") -> str:
    return f"/reviews/{the_task(office, case, step).id}"


def _rank(office: Office, case: int, step: str = "check_target") -> int | None:
    return the_task(office, case, step).doubt_rank


def _paper(seen: Sight) -> str:
    """What stands beside the queue."""
    return str(seen.page.xpath("//section[@class='jx-judged']")[0].text_content())


def test_a_text_another_unit_handed_in_too_is_doubtful_and_says_whose_and_where(office: Office, person: Seats) -> None:
    theirs = _handed_to_other_unit(office, _filed(office, necessity=WORDS, activities=WORDS.replace("示例", "样例")))
    ours = _filed(office, feasibility=f"  {WORDS.replace('，', '、')}2021")

    seen = person("赵主管").open(_address(office, ours))

    assert "“可行性”与示例单位乙“" in seen.text
    assert "项目支出绩效目标申报表的“必要性”文字相同，请核对是否照抄。" in seen.text
    assert f"/cases/{theirs}" in seen.links()
    assert any(link.endswith("#f.feasibility") for link in seen.links())


def test_several_texts_of_one_paper_are_one_doubt(office: Office, person: Seats) -> None:
    both = {"necessity": WORDS, "feasibility": WORDS[:-1] + "，形成长效机制。"}
    _handed_to_other_unit(office, _filed(office, **both))
    ours = _filed(office, **both)

    seen = person("赵主管").open(_address(office, ours))

    assert "▲ 存疑 1" in seen.text
    assert "“可行性”等 2 处与示例单位乙" in seen.text


def test_the_paper_that_was_there_before_becomes_doubtful_with_the_later_one(office: Office, person: Seats) -> None:
    theirs = _handed_to_other_unit(office, _filed(office, necessity=WORDS))
    alone = _rank(office, theirs)

    ours = _filed(office, necessity=WORDS)

    assert alone != DOUBTFUL
    assert _rank(office, theirs) == _rank(office, ours) == DOUBTFUL
    assert "“必要性”与示例单位甲“" in person("赵主管").open(_address(office, theirs)).text


def test_what_is_not_handed_in_yet_is_no_doubt_to_anybody(office: Office, person: Seats) -> None:
    theirs = _handed_to_other_unit(office, _filed(office, "confirm_target", necessity=WORDS))
    ours = _filed(office, necessity=WORDS)

    seen = person("赵主管").open(_address(office, ours))

    assert "▲ 存疑" not in seen.text
    assert _rank(office, ours) != DOUBTFUL
    assert _rank(office, theirs, "confirm_target") is None


def test_what_the_unit_wrote_itself_the_year_before_is_its_own(office: Office, person: Seats) -> None:
    _filed_for_the_running_year(office, necessity=WORDS)
    theirs = _handed_to_other_unit(office, _filed(office, necessity=WORDS))
    ours = _filed(office, necessity=WORDS)

    judge = person("赵主管")

    assert "▲ 存疑" not in _paper(judge.open(_address(office, ours)))
    assert "“必要性”与示例单位甲" in judge.open(_address(office, theirs)).text
    assert _rank(office, ours) != DOUBTFUL


def test_a_unit_that_repeats_itself_and_short_texts_are_no_doubt(office: Office, person: Seats) -> None:
    _filed(office, necessity=WORDS)
    again = _filed(office, necessity=WORDS)
    _handed_to_other_unit(office, _filed(office, feasibility="示例：条件具备，可以实施。"))
    short = _filed(office, feasibility="示例：条件具备，可以实施。")

    judge = person("赵主管")

    for case in (again, short):
        assert "▲ 存疑" not in judge.open(_address(office, case)).text
        assert _rank(office, case) != DOUBTFUL


def test_a_department_that_does_not_see_the_other_paper_is_told_nothing_and_finance_is(
    office: Office, person: Seats
) -> None:
    theirs = _handed_to_other_unit(office, _filed(office, necessity=WORDS))
    with office.transactions() as session:
        session.get_one(Case, theirs).department_id = None
    ours = _filed(office, necessity=WORDS)

    departments, rank = person("赵主管").open(_address(office, ours)), _rank(office, ours)
    office.do(ours, "check_target")
    finances = person("王绩效").open(f"/reviews/{office.tasks(ours)[0].id}")

    assert "▲ 存疑" not in _paper(departments)
    assert rank != DOUBTFUL
    assert "▲ 存疑 1" in finances.text
    assert office.tasks(ours)[0].doubt_rank == DOUBTFUL


def test_what_waits_becomes_doubtful_as_soon_as_another_unit_begins_an_object_of_that_name(office: Office) -> None:
    waiting = project_at(office, "check_target")
    alone = _rank(office, waiting)
    with office.transactions() as session:
        other = Unit(
            jurisdiction="huaxi", name="示例单位丙", kind=UnitKind.UNIT, department_id=office.bureau.department_id
        )
        session.add(other)
        session.flush()
        name, year = session.execute(select(Case.name, Case.fiscal_year).where(Case.id == waiting)).one()
        namesake = new_project(office.bureau, "P-同名", name=name, fiscal_year=year, unit_id=other.id)
        start_case(session, namesake, by=office.bureau.office, at=office.now)

    assert alone != DOUBTFUL
    assert _rank(office, waiting) == DOUBTFUL


def test_the_queue_begins_with_what_is_doubtful_and_can_be_had_by_day_and_money(office: Office, person: Seats) -> None:
    plain = project_at(office, "check_target")
    theirs = _handed_to_other_unit(office, _filed(office, necessity=WORDS))
    ours = _filed(office, necessity=WORDS)
    judge = person("赵主管")

    def queue(address: str) -> list[str]:
        page = judge.open(address).page
        return [link.get("href").split("?")[0] for link in page.xpath("//nav[@class='jx-queue']//a[@data-item]")]

    first, by_day = queue("/reviews"), queue("/reviews?view=due")

    assert set(first[:2]) == {_address(office, ours), _address(office, theirs)}
    assert first[2:] == [_address(office, plain)]
    assert sorted(first) == sorted(by_day)
    assert judge.open("/reviews?view=due").page.xpath("//select[@name='view']/option[@selected]/text()") == [
        "按期限和资金"
    ]
    assert all("view=due" in link for link in judge.open("/reviews?view=due").links() if link.startswith("/reviews/"))


def test_a_self_evaluation_with_full_marks_comes_first_wherever_it_goes(office: Office) -> None:
    case = opened(office)
    office.reach(case, "self_evaluation.fill_self_evaluation", **SHORT)
    office.do(case, "fill_self_evaluation", changes=ALL_REACHED)
    office.reach(case, "self_evaluation.check_self_evaluation")
    at_department = _rank(office, case, "check_self_evaluation")
    office.do(case, "check_self_evaluation")

    assert at_department == DOUBTFUL
    assert [task.doubt_rank for task in office.tasks(case) if task.paper_id] in ([], [DOUBTFUL])

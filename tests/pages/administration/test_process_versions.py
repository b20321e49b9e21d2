"""流程: one version of a diagram with its picture, its steps, its differences from the one before, and its cases."""

import pytest
from lxml import html

from engine.commands.migrate_case import migrate_case
from engine.words import Role
from tests.office import Office
from tests.pages.administration.conftest import Before, Deploy, Somebody
from tests.pages.visitor import Visitor, signed_in

TARGETS = "/processes/target_filing/versions"
RENAMED = ('name="填报绩效目标"', 'name="填写绩效目标"')
GONE = ("fill_target", "write_target")


@pytest.fixture
def case(office: Office) -> int:
    """A case whose target is to be filled in, on the diagrams of today."""
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    return case


def text_of(visitor: Visitor, path: str) -> str:
    """What stands on the page, with single blanks."""
    answer = visitor.get(path)
    assert answer.status_code == 200
    (main,) = html.fromstring(answer.text).xpath("//main")
    return " ".join(main.text_content().split())


def marks_of(visitor: Visitor, path: str) -> list[tuple[str, str]]:
    """What the drawing is to be marked with: where, and how."""
    lines = html.fromstring(visitor.get(path).text).xpath("//*[@data-element]")
    return [(line.get("data-element"), line.get("data-state")) for line in lines]


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.OPERATOR, Role.POLICY_OWNER, Role.PERFORMANCE_OFFICE])
def test_whoever_reads_the_processes_comes_to_every_tab_of_a_version_by_its_name(before: Before, role: Role) -> None:
    visitor = before(role)

    (link,) = html.fromstring(visitor.get("/processes").text).xpath("//a[text()='绩效目标申报']/@href")
    told = {tab: text_of(visitor, f"{link}?tab={tab}") for tab in ("picture", "steps", "versions", "cases")}

    assert link == f"{TARGETS}/1"
    assert "填报绩效目标（预算单位经办人）" in told["picture"]
    assert "到“确认绩效目标”" in told["steps"]
    assert "第一版" in told["versions"]
    assert "此版本没有在办件。" in told["cases"] or "此版本在办 0 件。" in told["cases"]


def test_the_picture_is_the_drawing_of_that_version(before: Before, deploy: Deploy) -> None:
    deploy(*RENAMED)
    visitor = before(Role.OPERATOR)

    first, second = (visitor.get(f"{TARGETS}/{number}/diagram.bpmn") for number in (1, 2))

    assert first.mimetype == second.mimetype == "application/xml"
    assert ("填写绩效目标" in first.text, "填写绩效目标" in second.text) == (False, True)


def test_a_version_names_what_it_changed_in_a_list_and_on_the_picture(before: Before, deploy: Deploy) -> None:
    deploy(*RENAMED)
    visitor = before(Role.OPERATOR)

    versions, picture = text_of(visitor, f"{TARGETS}/2?tab=versions"), marks_of(visitor, f"{TARGETS}/2")
    untouched = text_of(visitor, "/processes/monitoring/versions/1?tab=versions")

    assert "改 1" in versions
    assert "改 步骤 “填写绩效目标”：名称：原为“填报绩效目标”，现为“填写绩效目标”" in versions
    assert picture == [("fill_target", "changed")]
    assert "第 2 版" not in untouched


def test_what_a_version_took_away_is_marked_on_the_picture_of_the_version_before(
    before: Before, deploy: Deploy
) -> None:
    deploy(*GONE)
    visitor = before(Role.OPERATOR)

    earlier, later = marks_of(visitor, f"{TARGETS}/1"), text_of(visitor, f"{TARGETS}/2")

    assert ("fill_target", "gone") in earlier
    assert {state for _, state in earlier} == {"gone"}
    assert "增 步骤 “填报绩效目标”：办理角色：预算单位经办人；填报的表单：《" in later
    assert "删去的在第 1 版的图上标明" in later


def test_versions_tell_how_many_cases_are_at_work_on_them(
    office: Office, before: Before, case: int, deploy: Deploy
) -> None:
    deploy(*RENAMED)
    versions = html.fromstring(before(Role.OPERATOR).get(f"{TARGETS}/2?tab=versions").text)

    counts = [
        [" ".join(cell.text_content().split()) for cell in row.xpath("td")[1:3]] for row in versions.xpath("//tbody/tr")
    ]

    assert counts == [["0 件在第 2 版", "0"], ["1 件在第 1 版", "0"]]


def test_the_cases_of_a_version_are_listed_for_whom_may_see_cases_and_counted_for_others(
    office: Office, before: Before, somebody: Somebody, case: int, deploy: Deploy
) -> None:
    deploy(*RENAMED)
    officer, operator = signed_in(before(Role.OPERATOR).app, office.bureau.office), before(Role.OPERATOR)

    listed, counted = text_of(officer, f"{TARGETS}/1?tab=cases"), text_of(operator, f"{TARGETS}/1?tab=cases")
    none_yet = text_of(officer, f"{TARGETS}/2?tab=cases")
    with office.transactions() as session:
        migrate_case(
            session, case, reason="示例：流程修订", second=office.bureau.office, by=somebody(Role.OPERATOR),
            at=office.now,
        )  # fmt: skip
    moved, left = text_of(officer, f"{TARGETS}/2?tab=cases"), text_of(officer, f"{TARGETS}/1?tab=cases")

    name = office.case(case).name
    assert name in listed
    assert "填报绩效目标" in listed
    assert "此版本在办 1 件。" in counted
    assert name not in counted
    assert "此版本没有在办件。" in none_yet
    assert name in moved
    assert "此版本没有在办件。" in left


def test_only_who_moves_cases_is_led_to_the_dry_run(before: Before) -> None:
    trial = 'href="/processes/target_filing/migrations"'

    assert trial in before(Role.OPERATOR).get(f"{TARGETS}/1").text
    assert trial not in before(Role.SYSTEM_ADMIN).get(f"{TARGETS}/1").text
    assert trial not in before(Role.POLICY_OWNER).get(f"{TARGETS}/1").text


def test_a_case_leads_to_the_versions_of_its_diagram_from_the_one_it_is_on(
    office: Office, before: Before, case: int, deploy: Deploy
) -> None:
    deploy(*RENAMED)
    app = before(Role.OPERATOR).app
    officer, clerk = signed_in(app, office.bureau.office), signed_in(app, office.bureau.clerk)

    links = html.fromstring(officer.get(f"/cases/{case}?tab=diagram").text).xpath("//a[text()='看本流程各版']/@href")

    assert links == [f"{TARGETS}/1?tab=versions"]
    assert "看本流程各版" not in clerk.get(f"/cases/{case}?tab=diagram").text


def test_a_process_or_a_version_there_is_not_is_refused_in_words(before: Before) -> None:
    visitor = before(Role.OPERATOR)

    answers = [visitor.get(path) for path in (f"{TARGETS}/2", f"{TARGETS}/0/diagram.bpmn", "/processes/x/versions/1")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "没有这一版" in answers[0].text
    assert "没有这个流程" in answers[2].text

"""What a case's page leads to: papers with their versions, reasons of days and grades, the way through a diagram."""

from datetime import timedelta
from uuid import uuid4

from lxml import etree

from engine.commands.extend_deadline import extend_deadline
from engine.commands.return_submission import return_submission
from tests.integration.desk import deadline, project_at
from tests.office import Office
from tests.pages.reviews.conftest import Reader, Seats


def _sent_back_once(office: Office) -> int:
    case = project_at(office, "check_target")
    office.do(case, "check_target", "returned", reason="示例：目标太笼统")
    office.do(case, "revise_target", changes={"annual_goal": "2021 年新建社区养老服务站 5 个"})
    return case


def test_a_paper_is_read_with_all_its_versions_and_what_was_said_of_it(office: Office, person: Seats) -> None:
    case = _sent_back_once(office)
    first, second = office.versions(case, "F02")
    reader = person("李经办")

    documents = reader.open(f"/cases/{case}?tab=documents")
    seen = reader.open(f"/submissions/{first.id}")

    assert f"/submissions/{second.id}" in documents.links()
    assert "第 1 稿（正在看）" in seen.text
    assert "示例：目标太笼统" in seen.text
    assert f"/submissions/{second.id}" in seen.links()
    assert reader.open(f"/submissions/{first.id}/versions/2").text == reader.open(f"/submissions/{second.id}").text


def test_two_versions_stand_side_by_side(office: Office, person: Seats) -> None:
    case = _sent_back_once(office)
    first, second = office.versions(case, "F02")
    reader = person("李经办")

    seen = reader.open(f"/submissions/{second.id}/comparison?with=1")

    assert "第 1 稿与第 2 稿" in seen.text
    assert [row.text_content() for row in seen.page.xpath("//tbody/tr/th")] == ["年度目标"]
    assert "2021 年新建社区养老服务站 5 个" in seen.page.xpath("//ins")[0].text_content()
    assert "没有差异" in reader.open(f"/submissions/{first.id}/comparison?with=1").text


def test_a_version_that_is_not_there_and_junk_are_refused_in_words(office: Office, person: Seats) -> None:
    case = _sent_back_once(office)
    paper = office.versions(case, "F02")[0]
    reader = person("李经办")

    for path in (f"/submissions/{paper.id}/versions/9", f"/submissions/{paper.id}/comparison?with=99",
                 f"/submissions/{uuid4()}", f"/submissions/{uuid4()}/comparison", f"/deadlines/{uuid4()}",
                 "/submissions/nonsense", f"/cases/{case}/diagram.bpmn?process=nonsense",
                 f"/cases/{case}/diagram.bpmn", "/cases/99999999999999/diagram.bpmn"):  # fmt: skip
        seen = reader.open(path)
        assert (seen.status, "没有" in seen.text) == (404, True), path
    assert reader.open(f"/submissions/{paper.id}/comparison?with=%00x").status == 200
    assert reader.open(f"/cases/{case}?tab=diagram&process=nonsense").status == 200


def test_another_bureau_and_another_unit_read_none_of_it(office: Office, person: Seats) -> None:
    case = project_at(office, "check_target")
    paper, day = office.versions(case, "F02")[0], deadline(office, case, "target_filing.fill")
    readers = [person("李经办", elsewhere=True), person("王绩效", elsewhere=True), person("吴经办")]

    for reader in readers:
        for path in (f"/submissions/{paper.id}", f"/submissions/{paper.id}/versions/1",
                     f"/submissions/{paper.id}/comparison", f"/deadlines/{day.id}", f"/cases/{case}?tab=diagram",
                     f"/cases/{case}/diagram.bpmn?process=target_filing"):  # fmt: skip
            assert reader.open(path).status == 404, path


def test_who_has_not_signed_in_reads_none_of_it(office: Office, person: Seats) -> None:
    case = _sent_back_once(office)
    paper = office.versions(case, "F02")[0]
    stranger = Reader(person("李经办").client.application.test_client())

    assert "登录" in stranger.open(f"/submissions/{paper.id}").text
    assert "登录" in stranger.open(f"/cases/{case}/diagram.bpmn?process=target_filing").text


def test_a_day_tells_how_it_was_counted_and_who_moved_it(office: Office, person: Seats) -> None:
    case = project_at(office, "fill_target")
    day = deadline(office, case, "target_filing.fill")
    with office.transactions() as session:
        extend_deadline(
            session,
            day.id,
            day.due_on + timedelta(days=2),
            reason="示例：系统维护",
            by=office.bureau.office,
            at=office.now,
        )

    seen = person("李经办").open(f"/deadlines/{day.id}")

    assert "起算，当日不计" in seen.text
    assert "第 1 日" in seen.text
    assert "示例：系统维护" in seen.text
    assert "王绩效" in seen.text


def test_the_way_through_the_diagram_is_told_step_by_step_with_the_same_marks_as_on_the_drawing(
    office: Office, person: Seats
) -> None:
    case = _sent_back_once(office)
    reader = person("李经办")

    picture = reader.open(f"/cases/{case}?tab=diagram")
    drawing = reader.open(f"/cases/{case}/diagram.bpmn?process=target_filing")

    marks = {step.get("data-element"): step.get("data-state") for step in picture.page.xpath("//*[@data-element]")}
    assert marks["fill_target"] == marks["check_target"] == marks["revise_target"] == "done"
    assert marks["confirm_revised_target"] == "now"
    assert marks["approve_budget"] == "ahead"
    limits = {step.get("data-element"): step.get("data-limit") for step in picture.page.xpath("//*[@data-element]")}
    assert (limits["check_target"], limits["hand_in_revised_target"]) == ("5 个工作日", "5 个工作日；上年 12 月 15 日")
    assert limits["freeze_target"] is None
    ids = {shape.get("bpmnElement") for shape in etree.fromstring(drawing.answer.data).iter("{*}BPMNShape")}
    assert set(marks) <= ids
    assert drawing.answer.mimetype == "application/xml"


def test_the_diagram_is_drawn_by_files_of_ours_only_and_nothing_of_it_loads_elsewhere(
    office: Office, person: Seats
) -> None:
    case = _sent_back_once(office)
    reader = person("李经办")

    picture, told = reader.open(f"/cases/{case}?tab=diagram"), reader.open(f"/cases/{case}?tab=timeline")

    scripts = picture.page.xpath("//script/@src")
    assert [script.partition("?")[0] for script in scripts] == [
        "/lib/bpmn.js",
        "/lib/reading.js",
        "/lib/drawing.js",
        "/lib/lists.js",
    ]
    files = [*scripts, *picture.page.xpath("//link[@rel='stylesheet']/@href")]
    assert {reader.status_of(file) for file in files} == {200}
    assert [script.partition("?")[0] for script in told.page.xpath("//script/@src")] == ["/lib/lists.js"]
    assert "unsafe" not in picture.answer.headers["Content-Security-Policy"]


def test_a_grade_opens_level_by_level_down_to_who_judged_it(office: Office, person: Seats) -> None:
    case = project_at(office, "approved")
    office.reach(case, "spot_review", sampled=True)

    seen = person("张负责").open(f"/cases/{case}?tab=scores")

    assert "为什么是这个等级" in seen.text
    tree = seen.page.xpath("//details[@class='jx-why']")[0]
    assert len(tree.xpath(".//details")) >= 3
    assert tree.xpath(".//a[starts-with(@href, '/submissions/')]")
    assert "依据：" in tree.text_content()


def test_a_remark_on_a_row_that_was_deleted_since_leads_to_where_it_is_shown_as_deleted(
    office: Office, person: Seats
) -> None:
    case = project_at(office, "check_target")
    rows = list(office.versions(case, "F02")[0].content["indicators"])
    gone = rows[0]["id"]
    with office.transactions() as session:
        remarks = [{"path": f"indicators[{gone}].weight", "template": 2}]
        return_submission(
            session, office.versions(case, "F02")[0].id, reason="示例：请修改", remarks=remarks,
            by=office.bureau.department, at=office.now,
        )  # fmt: skip
    office.do(case, "revise_target", changes={"indicators": [*rows[1:], {**rows[0], "id": "r9"}]})
    office.do(case, "confirm_revised_target")
    first, second = office.versions(case, "F02")
    (task,) = office.tasks(case)
    judge = person("赵主管")

    only_changes = judge.open(f"/reviews/{task.id}")
    on_the_way = person("李经办").open(f"/submissions/{second.id}/comparison?with=1")

    (link,) = only_changes.page.xpath("//a[text()='看删去的内容']/@href")
    assert "现已删去" in only_changes.page.xpath("//*[@id=$id]", id=link[1:])[0].text_content()
    assert "删去" in on_the_way.page.xpath("//tr[@id=$id]", id=f"f.indicators:{gone}")[0].text_content()

    office.do(case, "check_target", "returned", reason="示例：再改")
    (task,) = office.tasks(case)
    filling = person("李经办").open(f"/tasks/{task.id}")

    assert f"/submissions/{second.id}/comparison?with=1#f.indicators:{gone}" in filling.links()
    places = set(filling.page.xpath("//@id"))
    assert {link for link in filling.links() if link.startswith("#") and link[1:] not in places} == set()

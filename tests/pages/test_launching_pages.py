"""工作部署 and 催办 by the pages: only what they offer is typed and pressed."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from engine.cases import Incident
from engine.commands.launch_stage import launch_stage
from engine.words import CaseKind
from tests.office import FISCAL_YEAR, Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands
from tests.workbooks import workbook

YEAR = str(FISCAL_YEAR)


@pytest.fixture
def waiting(office: Office) -> list[int]:
    """Two departments waiting for monitoring to be launched."""
    cases = [office.open_case(CaseKind.WHOLE_DEPARTMENT, code) for code in ("示例-1", "示例-2")]
    for case in cases:
        office.reach(case, "monitoring")
    office.clock.move_to(office.now + timedelta(hours=1))
    return cases


def test_the_five_steps_launch_a_stage_and_the_board_tells_how_far_it_is(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    hands = hands_of(office.bureau.office).open("/launches")
    told = hands.text()

    hands.follow(f"/launches/new?year={YEAR}&stage=monitoring").press("下一步")
    whole = hands.text()
    hands.press("下一步")
    days = hands.text()
    hands.press("下一步")
    versions = hands.text()
    hands.press("下一步")
    check = hands.text()
    hands.press("部署 2 件")

    assert f"{YEAR} 年度 3 绩效运行监控 2 件" in told
    assert "选中 2 件、1 家，其中 2 件在等待部署" in whole
    assert "为什么是这一天" in days
    assert "F05" in versions
    assert "将部署 2 件" in check
    assert hands.heading() == f"{YEAR} 年度绩效运行监控"
    assert "已部署 2 件" in hands.text()
    assert "未签收 2" in hands.text()
    assert [office.open_steps(case) for case in waiting] == [["monitoring.fill_monitoring"]] * 2


def test_who_launches_the_same_a_moment_later_is_told_who_did_and_led_to_that_launch(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    late = at_the_last_step(hands_of(office.bureau.office))
    faster = launch_stage(office.transactions, FISCAL_YEAR, "monitoring", by=office.bureau.office, at=office.now)

    late.press("部署 2 件")
    told = late.status, late.said(), late.text()
    late.follow(f"/launches/{faster.gave['launch']}")

    assert told[0] == 409
    assert f"（{office.bureau.office.name}，部署，" in told[1]
    assert "没有案卷还在等待，请到那次部署查看进度。" in told[1]
    assert "部署 2 件" not in told[2]
    assert late.heading() == f"{YEAR} 年度绩效运行监控"
    assert [office.open_steps(case) for case in waiting] == [["monitoring.fill_monitoring"]] * 2


def test_what_a_launch_left_waiting_is_made_up_for_by_whoever_wanted_to_launch_it_again(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    late = at_the_last_step(hands_of(office.bureau.office))
    launch_stage(
        office.transactions, FISCAL_YEAR, "monitoring", by=office.bureau.office, at=office.now, most=1
    )  # fmt: skip

    late.press("部署 2 件")
    refused = late.status, late.said()
    late.press("补建还在等待的 1 件")

    assert refused[0] == 409
    assert "还有 1 件在等待，可以只补建这些。" in refused[1]
    assert "已部署 1 件" in late.text()
    assert [office.open_steps(case) for case in waiting] == [["monitoring.fill_monitoring"]] * 2


def at_the_last_step(hands: Hands) -> Hands:
    """The fifth step of launching monitoring for everybody."""
    hands.open(f"/launches/new?year={YEAR}&stage=monitoring")
    for _ in range(4):
        hands.press("下一步")
    return hands


def test_lines_of_a_pasted_list_nobody_knows_are_told_one_by_one_and_the_list_stays(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    hands = hands_of(office.bureau.office).open(f"/launches/new?year={YEAR}&stage=monitoring").press("下一步")

    hands.type("whose", "list")
    hands.type("names", "示例-1\n\n示例单位丁\n示例－２")
    hands.press("下一步")
    refused = hands.status, hands.said(), hands.text()
    kept = hands.value("names")
    hands.type("names", "示例－１\t其他列")
    for _ in range(3):
        hands.press("下一步")
    hands.press("部署 1 件")

    assert refused[0] == 422
    assert "第 3 行“示例单位丁”" in refused[2]
    assert kept == ["示例-1\n\n示例单位丁\n示例－２"]
    assert [bool(office.tasks(case)) for case in waiting] == [True, False]


def at_the_list(office: Office, hands_of: SitsDown) -> Hands:
    """The second step, where the cases are chosen by a list."""
    hands = hands_of(office.bureau.office).open(f"/launches/new?year={YEAR}&stage=monitoring").press("下一步")
    hands.type("whose", "list")
    return hands


def test_a_list_from_a_spreadsheet_is_checked_row_by_row_and_nothing_is_launched_meanwhile(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    rows = [
        ["预算单位", "金额", "案卷编号"], ["示例单位甲", 3, "示例-1"], [], ["示例单位甲", 1, "示例-9"],
        ["示例主管部门", 1, "示例-2"], ["示例单位甲", 1, "示例－１"], [None, 7],
    ]  # fmt: skip
    hands = at_the_list(office, hands_of)

    hands.send_file("file", "部署名单.xlsx", workbook(rows))
    checked = hands.text()
    word = {name: hands.value(name)[-1] for name in ("_word", "key", "year", "stage", "names")}
    taken = hands.client.post("/launches/list.xlsx", data=word | {"whose": "list"}).get_data()
    home = [[cell.value for cell in row] for row in load_workbook(BytesIO(taken)).worksheets[0].iter_rows()]
    refused = hands.press("下一步").said()
    hands.press(name="drop", value="1")
    for _ in range(3):
        hands.press("下一步")
    nothing_yet = [bool(office.tasks(case)) for case in waiting]
    hands.press("部署 1 件")

    assert "可部署 1 行 · 需核对 1 行 · 错误 2 行" in checked
    assert "该年度没有这个编号：“示例-9”" in checked
    assert "该年度没有这个单位：“示例主管部门”" in checked
    assert "与第 2 行重复" in checked
    assert [row[0] for row in home] == ["行", 2, 4, 5, 6]
    assert "名单里有 2 行认不出来（第 4 行“示例单位甲 · 示例-9”等）" in refused
    assert nothing_yet == [False, False]
    assert [bool(office.tasks(case)) for case in waiting] == [True, False]


def test_the_list_of_the_year_is_taken_home_and_comes_back_as_it_is(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    hands = at_the_list(office, hands_of)
    taken = hands.client.get(f"/launches/list.xlsx?year={YEAR}&stage=monitoring").get_data()

    hands.send_file("file", "名单.xlsx", taken)

    assert "可部署 2 行 · 需核对 0 行 · 错误 0 行" in hands.text()
    assert "选中 2 件" in hands.text()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (workbook([["甲", "乙"], ["示例单位甲"]]), "第一行里没有“单位名称”、“案卷编号”、“项目名称”"),
        (workbook([["单位名称"]]), "只有表头"),
        (workbook([["单位名称"], ["=A1"]]), "第 2 行 A 列是公式"),
        (b"PK\x03\x04", "已损坏"),
        ("单位名称\n示例单位甲".encode("utf-16"), "UTF-16"),
    ],
)
def test_a_file_that_is_no_list_is_refused_and_what_was_typed_stays(
    office: Office, hands_of: SitsDown, waiting: list[int], raw: bytes, said: str
) -> None:
    hands = at_the_list(office, hands_of)
    hands.type("names", "示例-1")

    hands.send_file("file", "名单.xlsx", raw)

    assert hands.status == 422
    assert said in hands.said()
    assert hands.value("names") == ["示例-1"]


def test_a_day_of_ones_own_wants_a_reason_and_is_shown_before_it_holds(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    hands = hands_of(office.bureau.office).open(f"/launches/new?year={YEAR}&stage=monitoring")
    given = office.today + timedelta(days=14)
    hands.press("下一步").press("下一步")

    hands.type("due", "given")
    hands.type("due_on", given.isoformat())
    hands.press("下一步")
    without = hands.status, hands.said()
    hands.type("reason", "示例：人代会提前")
    hands.press("下一步").press("下一步")
    check = hands.text()
    hands.press("部署 2 件")

    assert without == (422, "自行指定截止日要写明理由。请补充，或按期限表计算。")
    assert "本次指定：示例：人代会提前" in check
    assert [office.tasks(case)[0].due_on for case in waiting] == [given, given]


def test_a_launch_in_parts_says_how_many_are_left_and_goes_on(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    launch = launch_stage(
        office.transactions, FISCAL_YEAR, "monitoring", by=office.bureau.office, at=office.now, most=1
    ).gave["launch"]  # fmt: skip
    hands = hands_of(office.bureau.office).open(f"/launches/{launch}")
    told = hands.text()

    hands.press("续办部署")

    assert "还有 1 件在等，没有动" in told
    assert "已部署 2 件" in hands.text()
    assert hands.button("续办部署") is None


def test_what_failed_is_listed_and_tried_again(office: Office, hands_of: SitsDown, waiting: list[int]) -> None:
    launch = launch_stage(
        office.transactions, FISCAL_YEAR, "monitoring", by=office.bureau.office, at=office.now, most=1
    ).gave["launch"]  # fmt: skip
    left = next(case for case in waiting if not office.tasks(case))
    with office.transactions() as session:
        arguments = {"message": "monitoring.launched", "variables": {}}
        session.add(
            Incident(
                jurisdiction="huaxi", case_id=left, command="deliver_message", arguments=arguments,
                message="示例：流程出错", raised_at=office.now,
            )
        )  # fmt: skip
    hands = hands_of(office.bureau.office).open(f"/launches/{launch}")
    told = hands.text()

    hands.press(to=f"/launches/{launch}/retries")

    assert "没有部署成的 1 件" in told
    assert office.open_steps(left) == ["monitoring.fill_monitoring"]


def test_who_is_ticked_on_the_board_is_reminded_and_sees_it(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    office.launch("monitoring")
    hands = hands_of(office.bureau.office).open("/launches/1")

    hands.type("task", [str(office.tasks(case)[0].id) for case in waiting])
    hands.press("催办所选")
    receivers = hands.text()
    hands.type("text", "请于8月底前报送监控表。")
    hands.press("确认催办")
    result = hands.heading(), hands.text()
    theirs = hands_of(office.bureau.clerk).open("/tasks").text()
    on_the_task = hands_of(office.bureau.clerk).open(f"/tasks/{office.tasks(waiting[0])[0].id}").text()
    again = hands.open("/launches/1")

    assert "待签收（预算单位经办人）" in receivers
    assert result[0] == "催办结果"
    assert "成功 2" in result[1]
    assert "已催办 1 次" in theirs
    assert "王绩效：请于8月底前报送监控表。" in on_the_task
    boxes = again.page.xpath("//input[@name='task']")
    assert [box.get("disabled") is not None for box in boxes] == [True] * len(waiting)


def test_a_board_on_which_nobody_can_be_reminded_offers_no_reminder(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    office.launch("monitoring")
    for case in waiting:
        office.finish(case)
    hands = hands_of(office.bureau.office).open("/launches/1")

    assert not hands.page.xpath("//main//input[@name='task']")
    assert hands.button("催办所选") is None
    assert "这一页没有可以催办的任务" in hands.text()


def test_a_head_reminds_from_the_work_of_the_unit_and_hears_of_the_third(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    office.launch("monitoring")
    task = str(office.tasks(waiting[0])[0].id)

    for _ in range(3):
        head = hands_of(office.bureau.head).open("/tasks?view=unit")
        head.type("task", [task])
        head.press("催办所选").press("确认催办")
        office.clock.move_to(office.now + timedelta(days=1))

    assert head.path == "/tasks"
    assert "已催办三次以上" in head.text()
    assert len(office.journal(waiting[0], "task.reminded")) == 3


def test_the_third_time_names_the_head_before_it_is_sent_and_the_board_says_who_was_told(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    office.launch("monitoring")
    task = office.tasks(waiting[0])[0].id
    hands = hands_of(office.bureau.office)

    for _ in range(3):
        before = hands.open(f"/reminders/new?task={task}&back=/launches/1").text()
        hands.press("确认催办")
        office.clock.move_to(office.now + timedelta(days=1))

    assert "第 3 次，并告知单位负责人 张负责" in before
    assert "已催 3 次" in hands.open("/launches/1").text()
    assert "，已告知单位负责人" in hands.text()


def test_a_case_offers_to_remind_once_a_day_and_says_what_stands(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    office.launch("monitoring")
    case, task = waiting[0], office.tasks(waiting[0])[0].id
    offer = f"/reminders/new?task={task}&back=/cases/{case}"
    hands = hands_of(office.bureau.office).open(f"/cases/{case}")

    hands.follow(offer).press("确认催办")
    hands.open(offer)

    assert "每天只催一次" in hands.text()
    assert hands.button("确认催办") is None
    assert not hands.open(f"/cases/{case}").page.xpath("//a[@href=$offer]", offer=offer)


NONSENSE = "\x00\U0001f600<script>=HYPERLINK(1)|" * 20
POSTS = {
    "/launches/new": ("year", "stage", "step", "whose", "kinds", "names", "due", "due_on", "reason"),
    "/launches": ("year", "stage", "whose", "names", "due", "due_on", "reason", "key"),
    "/reminders": ("task", "text", "key", "back"),
    "/samplings": ("year", "purpose", "size", "seen", "organizer", "reason", "key"),
    "/samplings/skips": ("year", "purpose", "skip_reason", "key"),
    "/plans": ("year", "chosen", "department_led", "seen", "reason", "sure", "key"),
    "/plans/skips": ("year", "skip_reason", "key"),
}


def test_nonsense_in_any_field_is_refused_with_a_sentence_and_breaks_nothing(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    hands = hands_of(office.bureau.office).open("/launches/new")
    word = hands.value("_word")[0]
    good = {"_word": word, "year": YEAR, "stage": "monitoring", "purpose": "spot_review", "size": "1", "text": "示例"}

    answers = {
        (address, name): hands.client.post(address, data={**good, name: told}).status_code
        for address, names in POSTS.items()
        for name in names
        for told in (NONSENSE, "9" * 18)
    }

    assert {field: status for field, status in answers.items() if status >= 500} == {}


def test_a_way_back_leads_to_no_other_place(office: Office, hands_of: SitsDown, waiting: list[int]) -> None:
    hands = hands_of(office.bureau.office)

    shown = [
        hands.open(f"/reminders/new?back={told}").page.xpath("//main//a/@href") for told in ("//x.example", "/%5Cx")
    ]

    assert {address for links in shown for address in links} == {"/tasks"}


def test_a_launch_of_last_year_is_copied_with_its_day_moved_and_what_is_gone_is_shown(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    given = office.today + timedelta(days=14)
    launch_stage(
        office.transactions, FISCAL_YEAR, "monitoring", by=office.bureau.office, at=office.now,
        scope={"case_ids": waiting}, due_on=given, reason="示例：人代会提前",
    )  # fmt: skip
    office.open_case(CaseKind.WHOLE_DEPARTMENT, "示例-1", name="示例：改了名称", fiscal_year=FISCAL_YEAR + 1)
    hands = hands_of(office.bureau.office)

    empty = hands.open(f"/launches?year={FISCAL_YEAR + 1}").text()
    hands.open("/launches").follow("/launches/new?copy=1")
    told = hands.text()
    hands.press("下一步")
    listed = hands.text(), hands.value("names")
    hands.press("下一步")
    day = hands.value("due_on"), hands.value("reason")

    assert f"{FISCAL_YEAR + 1} 年度还没有部署。" in empty
    assert f"可从上年复制（{FISCAL_YEAR} 年度" in empty
    assert "，2 件）。" in empty
    assert "上次 2 件，2022 年度对上 1 件，不再有的 1 件" in told
    assert "示例-2" in told
    assert listed[1] == ["案卷编号\n示例-1"]
    assert "可部署 1 行 · 需核对 0 行 · 错误 0 行" in listed[0]
    assert day == ([given.replace(year=given.year + 1).isoformat()], ["参照 2021 年度部署：示例：人代会提前"])
    assert "不再有的 1 件" in hands.text()


def test_a_launch_nobody_made_cannot_be_copied(office: Office, hands_of: SitsDown) -> None:
    hands = hands_of(office.bureau.office).open("/launches/new?copy=987654321987654321")

    assert hands.status == 404
    assert "没有这次部署" in hands.text()


def test_a_holiday_is_warned_of_with_its_notice_before_the_launch_is_confirmed(
    office: Office, hands_of: SitsDown, waiting: list[int]
) -> None:
    hands = hands_of(office.bureau.office).open(f"/launches/new?year={YEAR}&stage=monitoring")
    hands.press("下一步").press("下一步")
    before = hands.text()

    hands.type("due", "given")
    hands.type("due_on", "2021-10-04")
    hands.type("reason", "示例：人代会提前")
    hands.press("重新计算")
    day = hands.text()
    hands.press("下一步").press("下一步")

    assert "再看一眼" not in before
    assert "是国庆节放假，不是工作日。依据：国办发明电〔2020〕27号" in day
    assert "是国庆节放假" in hands.text()
    assert hands.button("部署 2 件") is not None

"""存草稿 without scripts: whose words count is chosen field by field, and nothing typed is thrown away."""

from uuid import UUID

import pytest

from engine.commands.claim import claim
from engine.commands.complete_task import complete_task
from engine.commands.save_draft import save_draft
from engine.directory import Actor, Unit
from engine.moves.outcome import Outcome
from engine.queries.drafts import draft_of
from engine.words import Role
from tests.factories import person_in
from tests.office import Office
from tests.pages.conftest import PASSWORD, SitsDown
from tests.pages.hands import Hands, sent_by
from tests.pages.plain_words import names_in
from tests.pages.typist import form_of


@pytest.fixture
def colleague(office: Office) -> Actor:
    with office.transactions() as session:
        return person_in(session, session.get_one(Unit, office.bureau.unit_id), "吴经办", Role.UNIT_CLERK)


@pytest.fixture
def case(office: Office) -> int:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    return case


@pytest.fixture
def task(office: Office, case: int) -> UUID:
    return office.tasks(case)[0].id


def kept(office: Office, task: UUID) -> dict[str, object]:
    with office.transactions() as session:
        return dict(draft_of(session, office.bureau.clerk, task).content)


def test_of_two_drafts_each_field_is_the_one_chosen(
    office: Office, hands_of: SitsDown, colleague: Actor, task: UUID
) -> None:
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task}")
    with office.transactions() as session:
        theirs = {"annual_goal": "同事的年度目标", "mid_term_goal": "同事的中期目标"}
        save_draft(session, task, theirs, by=colleague, at=office.now)

    hands.type("annual_goal", "我的年度目标")
    hands.type("mid_term_goal", "我的中期目标")
    hands.press("存草稿")
    conflict = hands.status, hands.value("annual_goal"), "处与您的不同" in hands.text()
    hands.type("take.annual_goal", "theirs")
    hands.press("按所选保存")

    assert conflict == (409, ["我的年度目标"], True)
    assert hands.status == 200
    assert kept(office, task)["annual_goal"] == "同事的年度目标"
    assert kept(office, task)["mid_term_goal"] == "我的中期目标"


def test_two_drafts_that_cannot_be_read_yet_are_compared_in_the_words_of_the_form_too(
    office: Office, hands_of: SitsDown, colleague: Actor, task: UUID
) -> None:
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task}")
    with office.transactions() as session:
        theirs = {
            "funds": {"annual": {"total_wan": "一百八十"}}, "annual_goal": "同事的年度目标",
            "indicators": [{"id": "r9", "name": "示例指标", "target_value": "若干"}],
        }  # fmt: skip
        save_draft(session, task, theirs, by=colleague, at=office.now)

    hands.type("funds.annual.total_wan", "大约两百")
    hands.press("存草稿")
    (told,) = hands.page.xpath("//section[@id='conflict']")
    words = " ".join(told.text_content().split())
    hands.type("take.funds.annual.total_wan", "theirs")
    hands.press("按所选保存")

    assert hands.status == 200
    assert list(names_in(told)) == []
    assert "{" not in words
    assert "一百八十" in words
    assert "大约两百" in words
    assert "示例指标" in words
    assert kept(office, task)["funds"]["annual"]["total_wan"] == "一百八十"


def test_what_somebody_wrote_in_two_windows_is_told_as_their_own_and_not_a_colleagues(
    office: Office, hands_of: SitsDown, task: UUID
) -> None:
    here = hands_of(office.bureau.clerk).open(f"/tasks/{task}")
    with office.transactions() as session:
        save_draft(session, task, {"annual_goal": "另一个窗口的目标"}, by=office.bureau.clerk, at=office.now)

    here.type("annual_goal", "这个窗口的目标")
    here.press("存草稿")

    assert "在您的另一个窗口改过" in here.said()
    assert "从另一个窗口改过这份草稿" in here.text()
    assert "处与这个窗口的不同" in here.text()
    assert "用另一个窗口的" in here.text()
    assert "同事" not in here.text()


def test_what_was_typed_into_a_task_that_is_over_is_shown_to_be_copied(
    office: Office, hands_of: SitsDown, case: int, task: UUID
) -> None:
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task}")
    hands.type("annual_goal", "晚了一步的目标")
    office.do(case, "fill_target")

    hands.press("存草稿")

    assert hands.status == 409
    told, shown, button = hands.said(), hands.text(), hands.button("下载我的内容")
    assert button is not None
    mine = hands.client.post(f"/tasks/{task}/typed.csv", data=dict(sent_by(form_of(button))))

    assert "这件任务已由李经办于" in told
    assert "办结（报送）。您填写的内容没有报送，留在本页，可下载。" in told
    assert "晚了一步的目标" in shown
    assert "晚了一步的目标" in mine.get_data(as_text=True)


def test_what_was_typed_into_a_task_a_colleague_took_is_shown_to_be_copied(
    office: Office, hands_of: SitsDown, colleague: Actor, task: UUID
) -> None:
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task}")
    hands.type("annual_goal", "没来得及存的目标")
    with office.transactions() as session:
        claim(session, task, by=colleague, at=office.now)

    hands.press("存草稿")

    assert hands.status == 403
    assert "由吴经办签收）。您填写的内容没有保存，留在本页，可下载。" in hands.said()
    assert "没来得及存的目标" in hands.text()


def test_a_script_is_told_that_the_session_is_over_instead_of_being_sent_to_the_login(
    office: Office, hands_of: SitsDown, task: UUID
) -> None:
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task}")
    hands.client.delete_cookie("jx_session")

    answer = hands.client.get(f"/tasks/{task}", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.text) == (401, "登录已超时")


def test_large_type_is_kept_with_the_account(office: Office, hands_of: SitsDown) -> None:
    hands = hands_of(office.bureau.clerk).open("/settings/display")

    hands.type("size", "large")
    hands.press("保存")
    again = Hands(hands.client.application.test_client()).sign_in(f"李经办@{office.bureau.unit_id}", PASSWORD)

    assert hands.open("/tasks").page.xpath("string(//body/@class)") == "jx-large"
    assert again.page.xpath("string(//body/@class)") == "jx-large"


def test_a_remark_that_is_answered_in_the_draft_stands_so_everywhere_on_the_page(
    office: Office, hands_of: SitsDown, case: int
) -> None:
    office.reach(case, "target_filing.check_target")
    (judged,) = office.tasks(case)
    remarks = [{"path": path, "text": "请写明"} for path in ("annual_goal", "mid_term_goal")]
    with office.transactions() as session:
        sent_back = Outcome("returned", reason="请改", remarks=remarks)
        complete_task(session, judged.id, sent_back, by=office.bureau.department, at=office.now)
    (mending,) = office.tasks(case)
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{mending.id}")

    hands.type("annual_goal", "新建社区养老服务站 4 个")
    hands.press(name="save", value="1")

    at_the_top, beside = (
        hands.page.xpath(f"{part}//li[contains(., '请写明')]/span[contains(@class, 'jx-mark')]/text()")
        for part in ("//*[@id='returned']", "//*[@id='part2']")
    )
    assert at_the_top == beside == ["已改", "未改"]


def test_an_empty_cell_of_a_table_says_so_in_a_word_and_is_read_out_whole(hands_of: SitsDown, office: Office) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    (task,) = office.tasks(case)

    page = hands_of(office.bureau.clerk).open(f"/tasks/{task.id}").page
    (problem, *_) = page.xpath("//table//li[contains(@class, 'jx-problem')]")

    assert [part.text for part in problem if part.get("aria-hidden")] == ["✕ 未填"]
    assert "未填。" in problem.xpath("string(span[@class='jx-hidden'])")


def rows_of(hands: Hands) -> list[str]:
    """The indicators on the page, from the first to the last."""
    return [
        name.removesuffix(".id") for name in hands.names() if name.startswith("indicators[") and name.endswith("].id")
    ]


@pytest.fixture
def three_rows(hands_of: SitsDown, office: Office, task: UUID) -> Hands:
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task}")
    while len(rows_of(hands)) < 3:
        hands.press(name="add", value="indicators")
    for number, row in enumerate(rows_of(hands), start=1):
        hands.type(f"{row}.name", f"示例指标{number}")
    return hands.press(name="save", value="1")


def names_kept(office: Office, task: UUID) -> list[str]:
    rows = kept(office, task)["indicators"]
    assert isinstance(rows, list)
    return [row["name"] for row in rows]


def test_a_deleted_row_is_gone_from_the_draft_and_comes_back_with_what_was_typed(
    office: Office, three_rows: Hands, task: UUID
) -> None:
    hands, (_, second, _) = three_rows, rows_of(three_rows)
    hands.type(f"{second}.unit", "个")
    hands.press(name="remove", value=second)
    said, without = hands.text(), names_kept(office, task)

    hands.press("恢复第 2 行 示例指标2")

    assert hands.status == 200
    assert "已删除 1 行：第 2 行 示例指标2" in said
    assert without == ["示例指标1", "示例指标3"]
    assert names_kept(office, task) == ["示例指标1", "示例指标2", "示例指标3"]
    assert hands.value(f"{second}.unit") == ["个"]
    assert "已删除 1 行" not in hands.text()


def test_what_is_typed_after_a_row_was_deleted_is_kept_when_it_comes_back(
    office: Office, three_rows: Hands, task: UUID
) -> None:
    hands, (first, second, _) = three_rows, rows_of(three_rows)
    hands.press(name="remove", value=second)
    hands.type(f"{first}.name", "改过的名称")

    hands.press("恢复第 2 行 示例指标2")

    assert names_kept(office, task) == ["改过的名称", "示例指标2", "示例指标3"]


def test_a_deleted_row_can_no_longer_be_brought_back_when_the_form_was_saved_again(three_rows: Hands) -> None:
    hands = three_rows
    hands.press(name="remove", value=rows_of(hands)[0])

    hands.press(name="save", value="1")

    assert hands.button(name="back") is None
    assert "已删除" not in hands.text()


def test_the_address_of_a_form_that_came_back_opens_the_task(hands_of: SitsDown, office: Office, task: UUID) -> None:
    hands = hands_of(office.bureau.clerk).open(f"/tasks/{task}/draft")

    assert (hands.status, hands.path) == (200, f"/tasks/{task}")

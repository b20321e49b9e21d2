"""What finance sets going in a year, by its pages: a launch, a draw by two people, a plan, or a year without."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.clock import shanghai
from engine.commands.launch_stage import LAUNCHED
from engine.directory import Actor
from tests.office import FISCAL_YEAR, Office
from tests.office.office import LAUNCHED_ON
from tests.pages.typist import Typist

WHY = "示例：年度计划"


def set_going(office: Office, hands_of: Callable[[Actor], Typist], case_id: int, way: Mapping[str, Any]) -> bool:
    """Whether the case waited for finance; if it did, it has what it waited for."""
    waited_for = [message for message, _ in office.case(case_id).waits.values()]
    officer = hands_of(office.bureau.office)
    for stage, message in LAUNCHED.items():
        if message in waited_for:
            years, month, day = LAUNCHED_ON[stage]
            office.clock.move_to(shanghai(FISCAL_YEAR + years, month, day))
            launch(officer, stage)
            return True
    if "spot_review.drawn" in waited_for:
        office.clock.move_to(shanghai(FISCAL_YEAR + 1, 4, 6))
        draw(officer, hands_of(office.bureau.division)) if way.get("sampled") else do_without(officer, "samplings")
        return True
    if "key_evaluation.planned" in waited_for:
        office.clock.move_to(shanghai(FISCAL_YEAR + 1, 4, 20))
        plan(officer, case_id, way) if way.get("selected", True) else do_without(officer, "plans")
        return True
    return False


def launch(hands: Typist, stage: str) -> None:
    """The five steps with what they propose."""
    hands.open("/launches").follow(f"/launches/new?year={FISCAL_YEAR}&stage={stage}")
    for _ in range(4):
        hands.press("下一步")
    hands.press("部署 1 件")
    assert "已部署 1 件" in hands.text(), hands.said() or hands.text()


def draw(handler: Typist, supervisor: Typist) -> None:
    """One of those that wait: frame, a seed of each, the draw."""
    handler.open("/samplings").follow(f"/samplings/new?year={FISCAL_YEAR}&purpose=spot_review")
    handler.type("size", "1")
    handler.type("reason", WHY)
    page = handler.press("冻结名单").path
    handler.type("seed", "314159")
    handler.press("封存经办种子")
    supervisor.open("/samplings").follow(page)
    supervisor.type("seed", "271828")
    supervisor.press("封存监督种子")
    handler.open(page).press("抽取")
    assert handler.heading().endswith("抽样结果 1 个"), handler.said()


def plan(hands: Typist, case_id: int, way: Mapping[str, Any]) -> None:
    """This case, led by whom the way says."""
    hands.open("/plans").follow(f"/plans/new?year={FISCAL_YEAR}")
    hands.type("chosen", [str(case_id)])
    hands.type("department_led", [str(case_id)] if way.get("organizer") == "department" else [])
    hands.type("reason", WHY)
    hands.press("核对计划").press("确定计划")
    assert hands.heading().endswith("评价计划 1 个"), hands.said()


def do_without(hands: Typist, what: str) -> None:
    """Nobody this year, for a reason."""
    hands.open(f"/{what}/new?year={FISCAL_YEAR}")
    hands.type("skip_reason", WHY)
    hands.press("本年不抽" if what == "samplings" else "本年不评")
    assert hands.heading().endswith("本年不选"), hands.said()

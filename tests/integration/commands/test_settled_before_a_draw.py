"""必抽, 回避: settled with a reason in the frozen frame, kept in the record, the same when the draw is repeated."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.commands.give_seed import give_seed
from engine.commands.open_sampling import open_sampling
from engine.moves.selections import MarkRefused
from engine.queries.samplings import sampling_card
from engine.queries.selections import recount
from engine.results.sampling import SizeRefused, draw
from engine.reviews import ReasonMissing
from tests.integration.commands.test_draws_by_two import WHY, ask, cases, drawn
from tests.office import FISCAL_YEAR, Office

__all__ = ["ask", "cases"]


def opened(ask: Callable[..., Any], size: int, **settled: Any) -> int:
    return int(ask(open_sampling, FISCAL_YEAR, "spot_review", size, reason=WHY, **settled).gave["sampling"])


def test_who_is_always_in_and_who_is_out_stand_in_frame_record_and_recount(
    office: Office, cases: list[int], ask: Callable[..., Any]
) -> None:
    first, second, third = cases
    sampling = opened(ask, 1, always={third: "示例：连续两年复核"}, never={first: "示例：正在审计"})
    ask(give_seed, sampling, "handler", "314159")
    ask(give_seed, sampling, "supervisor", "000771", by=office.bureau.division)

    sample = drawn(office, sampling)

    with office.transactions() as session:
        card = sampling_card(session, office.bureau.office, sampling)
        again = recount(session, office.bureau.division, sample)
    (told,) = office.journal(0, "sampling.opened")
    reasons = {member["case"]: member.get("draw_reason") for member in again.members}
    assert reasons == {first: "示例：正在审计", second: None, third: "示例：连续两年复核"}
    assert (card.line.candidates, card.line.frame) == (2, 3)
    assert (again.chosen, again.holds) == ((third,), True)
    assert set(again.slips) == {second, third}
    assert (told.payload["always"], told.payload["never"]) == ([third], [first])


@pytest.mark.parametrize("seed", [f"{number:06}" for number in range(20)])
def test_no_seed_keeps_out_who_is_always_in_or_lets_in_who_is_out(seed: str) -> None:
    frame = [{"case": number, "weight": "1"} for number in range(1, 9)]
    frame[6] |= {"weight": "0.5", "draw": "always", "draw_reason": "示例"}
    frame[0] |= {"weight": "9", "draw": "never", "draw_reason": "示例"}

    found = draw(frame, seed, "999999", 3)

    assert found[0] == 7
    assert 1 not in found
    assert len(set(found)) == 3


def test_nothing_changes_in_a_draw_where_nothing_was_settled() -> None:
    assert draw([{"case": n, "weight": "1"} for n in range(1, 7)], "2022-03-01", "花开溪畔", 3) == (1, 2, 5)


@pytest.mark.parametrize(
    ("size", "settled", "refusal"),
    [
        (1, {"always": {1: "示例", 2: "示例"}}, MarkRefused),
        (1, {"always": {1: "示例"}, "never": {1: "示例"}}, MarkRefused),
        (1, {"always": {987: "示例"}}, MarkRefused),
        (1, {"never": {1: "  "}}, ReasonMissing),
        (3, {"never": {1: "示例"}}, SizeRefused),
    ],
)
def test_what_cannot_be_settled_is_refused_and_nothing_is_frozen(
    office: Office, cases: list[int], ask: Callable[..., Any], size: int, settled: Any, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal, match="没有"):
        opened(ask, size, **settled)

    assert office.journal(0, "sampling.opened") == []

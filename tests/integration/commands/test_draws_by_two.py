"""双人种子: the frame first, then six digits of each, unseen; then the draw, which anyone can repeat."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.commands.draw_sampling import draw_sampling
from engine.commands.finish_selection import finish_selection
from engine.commands.give_seed import OnePersonTwice, SeedSealed, SideUnknown, give_seed
from engine.commands.open_sampling import SamplingUnderWay, open_sampling
from engine.commands.suspend import suspend
from engine.commands.void_sampling import void_sampling
from engine.directory import Actor, NotYourOffice
from engine.moves.sampling import SamplingNotFound, SamplingOver, SeedsMissing
from engine.moves.selections import FrameChanged, NobodyWaits
from engine.queries.samplings import sampling_card, samplings
from engine.queries.selections import recount
from engine.results.sampling import SeedRefused, SizeRefused
from engine.reviews import ReasonMissing
from engine.words import CaseKind, SamplingState
from tests.office import FISCAL_YEAR, Office

WHY = "示例：本区未定范围，全部参加"


@pytest.fixture
def cases(office: Office) -> list[int]:
    """Three projects waiting to hear whether their self-evaluation is reviewed."""
    found = [office.open_case(CaseKind.PROJECT, f"示例-{number}") for number in (1, 2, 3)]
    for case in found:
        office.reach(case, "monitoring")
    office.launch("monitoring")
    for case in found:
        office.reach(case, "self_evaluation")
    office.launch("self_evaluation")
    for case in found:
        office.reach(case, "spot_review")
    return found


@pytest.fixture
def ask(office: Office) -> Callable[..., Any]:
    """A command of a transaction of its own, by the performance office unless somebody else is named."""

    def asked(command: Callable[..., Any], *given: Any, by: Actor | None = None, **how: Any) -> Any:
        with office.transactions() as session:
            return command(session, *given, by=by or office.bureau.office, at=office.now, **how)

    return asked


def opened(ask: Callable[..., Any], size: int = 1) -> int:
    return ask(open_sampling, FISCAL_YEAR, "spot_review", size, reason=WHY).gave["sampling"]


def drawn(office: Office, sampling: int, **how: Any) -> int:
    receipt = draw_sampling(office.transactions, sampling, by=office.bureau.office, at=office.now, **how)
    return int(receipt.gave["sample"])


def test_two_people_give_a_seed_each_and_the_draw_can_be_repeated(
    office: Office, cases: list[int], ask: Callable[..., Any]
) -> None:
    sampling = opened(ask)

    ask(give_seed, sampling, "supervisor", "000771", by=office.bureau.division)
    ask(give_seed, sampling, "handler", "314159")
    with office.transactions() as session:
        before = sampling_card(session, office.bureau.office, sampling)
    sample = drawn(office, sampling)

    with office.transactions() as session:
        again = recount(session, office.bureau.division, sample)
        (line,) = samplings(session, office.bureau.office).lines
    assert "314159" not in str(before)
    assert "000771" not in str(before)
    assert (again.holds, again.agreeing, again.witness) == (True, 1, "钱业务")
    assert again.seeds == ("314159", "000771")
    assert set(again.slips) == set(cases)
    assert (line.state, line.sample_id) == (SamplingState.DRAWN, sample)
    assert sorted(office.case(case).stage == "spot_review" for case in cases) == [False, False, True]


def test_one_person_never_gives_both_seeds_and_none_twice(
    office: Office, cases: list[int], ask: Callable[..., Any]
) -> None:
    sampling = opened(ask)
    ask(give_seed, sampling, "handler", "314159")

    with pytest.raises(OnePersonTwice):
        ask(give_seed, sampling, "supervisor", "271828")
    with pytest.raises(SeedSealed):
        ask(give_seed, sampling, "handler", "271828", by=office.bureau.second_officer)
    with pytest.raises(NotYourOffice):
        ask(give_seed, sampling, "supervisor", "271828", by=office.bureau.clerk)
    with pytest.raises(SeedsMissing, match="监督一方还没有填种子"):
        drawn(office, sampling)


def test_who_watches_cannot_stand_for_finance(office: Office, cases: list[int], ask: Callable[..., Any]) -> None:
    sampling = opened(ask)

    with pytest.raises(NotYourOffice):
        ask(give_seed, sampling, "handler", "271828", by=office.bureau.division)
    with pytest.raises(SideUnknown):
        ask(give_seed, sampling, "anybody", "271828")


@pytest.mark.parametrize("seed", ["", "12345", "1234567", "12345a", "１２３４５６", "123456\n"])
def test_a_seed_is_six_digits(office: Office, cases: list[int], ask: Callable[..., Any], seed: str) -> None:
    sampling = opened(ask)

    with pytest.raises(SeedRefused):
        ask(give_seed, sampling, "handler", seed)


def test_a_frame_that_changed_after_it_was_frozen_is_not_drawn_from_but_frozen_anew(
    office: Office, cases: list[int], ask: Callable[..., Any]
) -> None:
    sampling = opened(ask)
    ask(give_seed, sampling, "handler", "314159")
    ask(give_seed, sampling, "supervisor", "271828", by=office.bureau.second_officer)
    ask(suspend, cases[0], reason="示例：核对")

    with pytest.raises(FrameChanged):
        drawn(office, sampling)
    with pytest.raises(SamplingUnderWay):
        opened(ask)
    with pytest.raises(ReasonMissing):
        ask(void_sampling, sampling, reason=" ")
    ask(void_sampling, sampling, reason="示例：名单有变动")
    with pytest.raises(SamplingOver):
        ask(give_seed, sampling, "handler", "314159")
    anew = opened(ask)

    assert anew != sampling


def test_what_cannot_be_drawn_is_not_frozen(office: Office, ask: Callable[..., Any]) -> None:
    with pytest.raises(NobodyWaits):
        opened(ask)
    with pytest.raises(SamplingNotFound):
        ask(give_seed, 987, "handler", "314159")


def test_more_than_there_are_are_not_frozen(office: Office, cases: list[int], ask: Callable[..., Any]) -> None:
    with pytest.raises(SizeRefused):
        opened(ask, size=4)


def test_a_draw_told_in_parts_is_told_to_the_end(office: Office, cases: list[int], ask: Callable[..., Any]) -> None:
    sampling = opened(ask)
    ask(give_seed, sampling, "handler", "314159")
    ask(give_seed, sampling, "supervisor", "271828", by=office.bureau.second_officer)

    sample = drawn(office, sampling, most=1)
    told_first = [len(office.journal(case, "case.sampled")) for case in cases]
    finish_selection(office.transactions, sample, by=office.bureau.office, at=office.now)

    assert sum(told_first) == 1
    assert [len(office.journal(case, "case.sampled")) for case in cases] == [1, 1, 1]

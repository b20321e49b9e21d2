"""监控处置: what the office decides after monitoring is done at once and this year (HC-09, HX-06, CH-31).

A disposal that changes money or target begins an adjustment; what the diagram draws itself needs no act here: money
goes on as before, stopped money goes straight to the use of results, a candidate is listed by a step of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from engine.audit.events.cases import CaseSuspended
from engine.audit.events.money import CandidateAdded
from engine.moves.adjusting import MESSAGE, Wanted, must_be_adjustable, open_adjustment
from engine.moves.amounts import AmountRefused, refuse_no_amount
from engine.moves.change import Change, Said
from engine.moves.occasions import listed_for, put_forward
from engine.moves.outcome import OutcomeRefused
from engine.results.linkage import decided_by_a_person, proposed
from engine.results.model import Candidate
from engine.scoring import plain
from engine.words import Adjustment, CaseState, Disposal, EffectKind, ResultOf

REDUCED = "reduced_wan"
"""The question of a diagram for what the money is cut to."""
CUTS = (Disposal.CUT, Disposal.CANDIDATE)
"""What may come with less money: 及时调减资金，并列入下年度重点评价备选 (HC-09)."""


def hear(change: Change, answers: Mapping[str, Any], amount_wan: Decimal | None, lines: Any) -> None:
    """Take what the money is cut to, if the disposal cuts it; refuses one without the other, and what is no cut."""
    disposal = Disposal(str(answers.get("monitoring_disposal", Disposal.CONTINUE)))
    if amount_wan is None:
        if disposal is Disposal.CUT:
            raise OutcomeRefused("调减预算要写明调减后的金额，没有办理。请填写。", variable=REDUCED)
        return
    if disposal not in CUTS:
        raise OutcomeRefused(f"“{disposal.label}”不调减金额，没有办理。请把调减后的金额留空。", variable=REDUCED)
    refuse_no_amount(amount_wan, "调减后的金额")
    now = change.case.amount_wan
    if amount_wan >= now:
        raise AmountRefused(f"调减后的金额要小于现在的{plain(now)}万元，没有办理。请核对。", amount_wan=str(amount_wan))
    change.said = replace(change.said, reduced_wan=amount_wan, lines=lines)


def carry_out(change: Change, disposal: Disposal) -> None:
    """Do what was decided; an earlier diagram asked nobody for an amount, and then none is cut."""
    ACTS[disposal](change, change.said)


def onto_the_list(change: Change, reason: str) -> None:
    """Onto the list for key evaluation of a later year, for that reason."""
    for_year = listed_for(change)
    change.add(Candidate, for_year=for_year, reason=reason, added_at=change.at)
    change.record(CandidateAdded(for_year=for_year))


def stand_still(change: Change, reason: str, since: date | None = None) -> None:
    """Nobody works on the case and no date takes effect until it is resumed; `since` a day that has passed."""
    change.case_values |= {"state": CaseState.SUSPENDED}
    change.record(CaseSuspended(reason=reason, since=since))


def _go_on(change: Change, said: Said) -> None:
    """The money is spent as arranged."""


def _cut(change: Change, said: Said) -> None:
    if said.reduced_wan is not None:
        _adjust(change, Wanted(said.reduced_wan, Adjustment.CUT, _why(said), said.lines))


def _declare_anew(change: Change, said: Said) -> None:
    _adjust(change, Wanted(change.case.amount_wan, Adjustment.TARGET, _why(said)))


def _suspend(change: Change, said: Said) -> None:
    stand_still(change, f"监控处置暂停执行：{said.reason}")


def _stop(change: Change, said: Said) -> None:
    """This year's payment ends; what becomes of next year's budget is decided in the use of results (HC-18)."""
    effect = decided_by_a_person(EffectKind.STOP_PAYMENT, f"监控处置停止执行：{said.reason}")
    put_forward(change, ResultOf.MONITORING, (proposed(effect),))


def _adjust(change: Change, wanted: Wanted) -> None:
    must_be_adjustable(change.case, wanted)
    open_adjustment(change, wanted)
    change.messages.append((MESSAGE, {"adjustment_kind": wanted.kind}))


def _why(said: Said) -> str:
    return f"监控处置：{said.reason}"


ACTS: Mapping[Disposal, Callable[[Change, Said], None]] = {
    Disposal.CONTINUE: _go_on,
    Disposal.ADJUST: _declare_anew,
    Disposal.CUT: _cut,
    Disposal.SUSPEND: _suspend,
    Disposal.STOP: _stop,
    Disposal.CANDIDATE: _cut,
}
"""Disposal → what it does; the list a candidate comes onto is a step of the diagram."""

"""Where what was published and what is computed part (CH-15, HX-14, HX-16): each difference named, none hidden.

measures.toml says which computed figure a published measure means and how the two are compared. Measures it does not
know are counted, not guessed at.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from engine.errors import DefinitionError, InvalidInput
from engine.policies import named
from engine.policies.names import plainly
from engine.scoring import plain, rounded
from engine.scoring.numbers import decimals_of
from engine.words import RowStatus

NOT_LAID_DOWN = RowStatus.UNDEFINED.label
NOTHING = "—"
REMARKS = ("only_if_inclusive",)
"""Kinds of a verdict that say more than “agrees”, and are no disagreement."""
LONG_NAME = 10
WAN_PER_UNIT = {"万元": Decimal(1), "亿元": Decimal(10000)}


class MeasureNotNumeric(InvalidInput):
    """A published measure that should be a number is something else."""

    code = "results.measure_not_numeric"


class PublishedFigure(Protocol):
    """One published aggregate; `year` and `value` as printed, `number` None where the value is no number."""

    @property
    def jurisdiction(self) -> str: ...
    @property
    def year(self) -> str: ...
    @property
    def measure(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def number(self) -> Decimal | None: ...
    @property
    def unit(self) -> str: ...


GradedScore = tuple[str, Decimal, str]
"""Whose, the published score, the grade printed beside it."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One difference: differs, unit, score, grade or undefined_grade; or one remark: only_if_inclusive,
    unknown_measure, unknown_jurisdiction or nothing_published."""

    measure: str
    published: str
    computed: str
    note: str
    kind: str

    def as_json(self) -> dict[str, str]:
        """The shape a rehearsal reports."""
        return {
            "measure": self.measure,
            "published": self.published,
            "computed": self.computed,
            "note": self.note,
            "kind": self.kind,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every published figure accounted for: disagreeing, agreeing, known but not computed here, or not known.

    `remarks` are no disagreements: what holds in one reading only (of agreed figures), and what may be misspelt (of
    unknown ones).
    """

    disagreements: tuple[Disagreement, ...]
    remarks: tuple[Disagreement, ...]
    agreed: tuple[str, ...]
    not_computed: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """What a published measure means: the computed figure, its unit, and how to compare."""

    name: str
    figure: str
    unit: str
    compare: str


Verdict = tuple[str, str] | None


def as_printed(published: Decimal, computed: Decimal) -> Verdict:
    """Agrees if the computed figure, rounded half up to the decimals printed, is the printed one."""
    shown = rounded(computed, decimals_of(published))
    if shown == published:
        return None
    gap = plain(abs(published - computed))
    return "differs", f"按原文位数四舍五入为 {shown}，与原文 {published} 不一致，差 {gap}。"


def lower_bound(published: Decimal, computed: Decimal) -> Verdict:
    """“都在…以上”: agrees if the lowest lies above; at exactly the bound only an inclusive reading is true."""
    if computed > published:
        return None
    if computed == published:
        return "only_if_inclusive", f"最低正好是 {plain(computed)}，“以上”包含本数时原文才成立。"
    return "differs", f"最低为 {plain(computed)}，低于原文的 {plain(published)}。"


COMPARATORS: Mapping[str, Callable[[Decimal, Decimal], Verdict]] = {
    "as_printed": as_printed,
    "lower_bound": lower_bound,
}


def disagreements(published: Iterable[PublishedFigure], computed: Mapping[str, Decimal]) -> Comparison:
    """Each published figure beside the computed one; hand in only the figures of the jurisdiction and year at hand."""
    differing: list[Disagreement] = []
    remarks: list[Disagreement] = []
    agreed: list[str] = []
    not_computed: list[str] = []
    unknown: list[str] = []
    for figure in published:
        measure = measures().get(figure.measure)
        if measure is None:
            unknown.append(figure.measure)
            remarks += _misspelt(figure)
        elif measure.figure not in computed:
            not_computed.append(figure.measure)
        else:
            found = _compared(figure, measure, computed[measure.figure])
            if found and found.kind not in REMARKS:
                differing.append(found)
            else:
                agreed.append(figure.measure)
                remarks += [found] if found else []
    return Comparison(tuple(differing), tuple(remarks), tuple(agreed), tuple(not_computed), tuple(unknown))


def figures_of(published: Iterable[PublishedFigure], jurisdiction: str, year: int) -> tuple[PublishedFigure, ...]:
    """The published figures of one jurisdiction (花溪区, or 花溪) and one year of money or work, as the file says."""
    return tuple(
        figure
        for figure in published
        if named(figure.jurisdiction, {jurisdiction: jurisdiction}) and figure.year == str(year)
    )


def passed_over(published: Sequence[PublishedFigure], jurisdiction: str, year: int) -> tuple[Disagreement, ...]:
    """What of a file was not looked at, though perhaps meant: a name nearly that of the jurisdiction, another year."""
    found = []
    strange = {each.jurisdiction for each in published} - {
        each.jurisdiction for each in _all_of(published, jurisdiction)
    }
    for name in sorted(strange):
        if _nearly(name, jurisdiction):
            note = f"不认识这个地区，它的数没有对照；是不是“{jurisdiction}”？"
            found.append(Disagreement(name, name, NOTHING, note, "unknown_jurisdiction"))
    if published and not figures_of(published, jurisdiction, year):
        note = f"公布文件里没有{jurisdiction} {year} 年的数，没有可对照的。"
        found.append(Disagreement(jurisdiction, NOTHING, NOTHING, note, "nothing_published"))
    return tuple(found)


def _all_of(published: Iterable[PublishedFigure], jurisdiction: str) -> list[PublishedFigure]:
    return [figure for figure in published if named(figure.jurisdiction, {jurisdiction: jurisdiction})]


def _misspelt(figure: PublishedFigure) -> list[Disagreement]:
    """A remark when the measure is nearly one that is known."""
    near = [name for name in measures() if _nearly(figure.measure, name)]
    if not near:
        return []
    note = f"不认识这项指标，没有对照；是不是{'、'.join(f'“{name}”' for name in near)}？"
    return [Disagreement(figure.measure, figure.value, NOTHING, note, "unknown_measure")]


def _nearly(written: str, known: str) -> bool:
    """One sign wrong, missing or too many; in a long name two. Width does not count."""
    written, known = plainly(written), plainly(known)
    slips = 2 if len(known) >= LONG_NAME else 1
    return abs(len(written) - len(known)) <= slips and _slips(written, known) <= slips


def _slips(one: str, other: str) -> int:
    """How many signs must be changed, put in or left out to make one of the other."""
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, start=1):
        before, row = row, [at]
        for place, theirs in enumerate(other, start=1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (sign != theirs)))
    return row[-1]


def grade_disagreements(
    published: Iterable[GradedScore], grade_of: Callable[[Decimal], str | None]
) -> tuple[Disagreement, ...]:
    """Printed grades beside those the jurisdiction's table gives for the printed scores (HX-14); None: 本区未规定."""
    found = []
    for name, score, printed in published:
        grade = grade_of(score)
        if grade is None:
            note = f"得分 {plain(score)} 对应的等级本区未规定，无法核对。"
            found.append(Disagreement(f"{name}的等级", printed, NOT_LAID_DOWN, note, "undefined_grade"))
        elif grade != printed:
            note = f"得分 {plain(score)} 按本区等级表应为“{grade}”。"
            found.append(Disagreement(f"{name}的等级", printed, grade, note, "grade"))
    return tuple(found)


def _compared(figure: PublishedFigure, measure: Measure, computed: Decimal) -> Disagreement | None:
    if figure.number is None:
        raise MeasureNotNumeric(f"“{figure.measure}”应是数字，文件中是“{figure.value}”。", measure=figure.measure)
    if measure.unit in WAN_PER_UNIT and figure.unit in WAN_PER_UNIT:
        computed = computed * WAN_PER_UNIT[measure.unit] / WAN_PER_UNIT[figure.unit]
    elif figure.unit not in measure.unit.split("|"):
        note = f"原文单位是“{figure.unit}”，计算结果的单位是“{measure.unit}”，不能直接比较。"
        return Disagreement(figure.measure, figure.value, plain(computed), note, "unit")
    verdict = COMPARATORS[measure.compare](figure.number, computed)
    return Disagreement(figure.measure, figure.value, plain(computed), verdict[1], verdict[0]) if verdict else None


@cache
def measures() -> Mapping[str, Measure]:
    """measures.toml by published name."""
    return measures_in(tomllib.loads(files("engine.results").joinpath("measures.toml").read_text("utf-8")))


def measures_in(document: Mapping[str, Any]) -> Mapping[str, Measure]:
    """The [[measures]] of a document by published name; refuses a name twice and a comparison nobody knows."""
    known: dict[str, Measure] = {}
    for entry in document["measures"]:
        measure = Measure(entry["name"], entry["figure"], entry["unit"], entry.get("compare", "as_printed"))
        if measure.compare not in COMPARATORS or measure.name in known:
            raise DefinitionError(f"measures.toml 中“{measure.name}”重复或比较方式无效。", measure=measure.name)
        known[measure.name] = measure
    return known

"""Where what was published and what is computed part (CH-15, HX-14, HX-16): each difference named, none hidden.

measures.toml says which computed figure a published measure means and how the two are compared. Measures it does not
know are counted, not guessed at.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

from engine.errors import DefinitionError, InvalidInput
from engine.scoring import plain, rounded
from engine.scoring.numbers import decimals_of
from engine.words import RowStatus

NOT_LAID_DOWN = RowStatus.UNDEFINED.label
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
    """One difference. `kind`: differs, only_if_inclusive, unit, grade or undefined_grade."""

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
    """Every published figure accounted for: disagreeing, agreeing, known but not computed here, or not known."""

    disagreements: tuple[Disagreement, ...]
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
    agreed: list[str] = []
    not_computed: list[str] = []
    unknown: list[str] = []
    for figure in published:
        measure = measures().get(figure.measure)
        if measure is None:
            unknown.append(figure.measure)
        elif measure.figure not in computed:
            not_computed.append(figure.measure)
        else:
            found = _compared(figure, measure, computed[measure.figure])
            if found:
                differing.append(found)
            else:
                agreed.append(figure.measure)
    return Comparison(tuple(differing), tuple(agreed), tuple(not_computed), tuple(unknown))


def figures_of(published: Iterable[PublishedFigure], jurisdiction: str, year: int) -> tuple[PublishedFigure, ...]:
    """The published figures of one jurisdiction (花溪区) and one year of money or work, as the file names them."""
    return tuple(figure for figure in published if figure.jurisdiction == jurisdiction and figure.year == str(year))


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

"""Method sets, read from method_sets.toml and checked once: one method for every kind of row, with its source."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from importlib.resources import files
from typing import Any, Protocol

from engine.errors import DefinitionError
from engine.findings import place_in_toml
from engine.scoring.methods import (
    METHODS,
    METHODS_BY_BANDS,
    METHODS_BY_STEPS,
    NOT_APPLICABLE,
    SLOTS,
    WAYS_TO_MOVE_WEIGHT,
    Earn,
    MoveWeights,
    UnknownMethod,
    slot_of,
)
from engine.scoring.numbers import ONE
from engine.scoring.shares import Band, Step
from engine.scoring.sheet import Measured
from engine.words import ROW_STATUSES

Table = dict[str, Any]

STATUSES = tuple(ROW_STATUSES)


@dataclass(frozen=True, slots=True)
class Method:
    """How one kind of row is scored, in Chinese, and who says so; `bands` are those of the words of a judgement."""

    id: str
    title: str
    source: str
    status: str
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class MethodSet:
    """A method for every slot, and where the weight of rows goes that do not apply."""

    id: str
    title: str
    source: str
    status: str
    methods: Mapping[str, Method]
    earn: Mapping[str, Earn]
    move_weights: MoveWeights

    def share(self, measured: Measured, levels: str) -> Decimal:
        """The share of its points that what was measured earns in a row under these levels."""
        return self.earn[slot_of(measured, levels)](ONE, measured).points

    def band(self, word: str) -> Band | None:
        """The band of a qualitative word; None where this set has no such word."""
        return next((band for band in self.methods["qualitative"].bands if band.word == word), None)


@dataclass(frozen=True, slots=True)
class Choice:
    """From this fiscal year on, here (or, without a jurisdiction, everywhere), this method set."""

    method_set: str
    from_fiscal_year: int
    jurisdiction: str | None
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything method_sets.toml says."""

    sets: Mapping[str, MethodSet]
    choices: tuple[Choice, ...]


@cache
def catalogue() -> Catalogue:
    """The sets and choices that ship with the engine."""
    return read_catalogue(files("engine.scoring").joinpath("method_sets.toml").read_text("utf-8"))


def method_set(id: str) -> MethodSet:
    """The set with this id."""
    found = catalogue().sets.get(id)
    if found is None:
        raise UnknownMethod(f"没有名为“{id}”的计分方法组，可选：{'、'.join(catalogue().sets)}。", method_set=id)
    return found


class Chosen(Protocol):
    """A jurisdiction's own choice, as its pack has it."""

    @property
    def method_set(self) -> str: ...
    @property
    def from_fiscal_year(self) -> int: ...


def method_set_for(jurisdiction: str, fiscal_year: int, own: Iterable[Chosen] = ()) -> MethodSet:
    """The set chosen for money of this year: a jurisdiction's `own` choice first, then the latest in force."""
    laid_down = [choice for choice in own if choice.from_fiscal_year <= fiscal_year]
    if laid_down:
        return method_set(max(laid_down, key=lambda choice: choice.from_fiscal_year).method_set)
    fitting = [
        choice
        for choice in catalogue().choices
        if choice.from_fiscal_year <= fiscal_year and choice.jurisdiction in (None, jurisdiction)
    ]
    if not fitting:
        raise UnknownMethod(f"{fiscal_year} 年资金没有规定计分方法组，请先选用一个。", fiscal_year=fiscal_year)
    best = max(fitting, key=lambda choice: (choice.jurisdiction is not None, choice.from_fiscal_year))
    return method_set(best.method_set)


def read_catalogue(text: str) -> Catalogue:
    """The catalogue written in `text`; DefinitionError names the entry that is unsound."""
    try:
        return _catalogue(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"计分方法文件不是有效的 TOML：{place_in_toml(error)}。") from error
    except KeyError as error:
        raise DefinitionError(f"计分方法文件缺少“{error.args[0]}”。") from error


def _catalogue(document: Table) -> Catalogue:
    methods: dict[str, Method] = {}
    functions: dict[str, Earn] = {}
    for id, entry in document["methods"].items():
        _must_have_source(id, entry)
        bands = _bands(id, entry) if id in METHODS_BY_BANDS else ()
        methods[id] = Method(id, entry["title"], entry["source"], entry["status"], bands)
        if id not in WAYS_TO_MOVE_WEIGHT:
            functions[id] = _function(id, entry, bands)
    sets: dict[str, MethodSet] = {}
    for entry in document["method_sets"]:
        if entry["id"] in sets:
            raise DefinitionError(f"方法组“{entry['id']}”出现了两次；改动请用新的版本号。", method_set=entry["id"])
        sets[entry["id"]] = _method_set(entry, methods, functions, sets)
    return Catalogue(sets, tuple(_choice(entry, sets) for entry in document["choices"]))


def _function(id: str, entry: Table, bands: tuple[Band, ...]) -> Earn:
    if id in METHODS_BY_STEPS:
        return partial(METHODS_BY_STEPS[id], steps=_steps(id, entry))
    if id in METHODS_BY_BANDS:
        return partial(METHODS_BY_BANDS[id], bands=bands)
    if id in METHODS:
        return METHODS[id]
    raise DefinitionError(f"计分方法“{id}”没有对应的算法，请检查编号和版本。", method=id)


def _method_set(
    entry: Table, methods: Mapping[str, Method], functions: Mapping[str, Earn], earlier: Mapping[str, MethodSet]
) -> MethodSet:
    """A set; what it does not name it takes over from its `base`, which must stand before it."""
    id = entry["id"]
    _must_have_source(id, entry)
    base = earlier[entry["base"]] if "base" in entry else None
    chosen = dict(base.methods) if base else {}
    for name in entry["methods"]:
        if name not in methods:
            raise DefinitionError(f"方法组“{id}”用到的方法“{name}”没有定义。", method_set=id)
        chosen[name.partition(".")[0]] = methods[name]
    missing = set(SLOTS) ^ set(chosen)
    if missing:
        raise DefinitionError(f"方法组“{id}”没有规定或多出：{'、'.join(sorted(missing))}。", method_set=id)
    return MethodSet(
        id=id,
        title=entry["title"],
        source=entry["source"],
        status=entry["status"],
        methods=chosen,
        earn={slot: functions[method.id] for slot, method in chosen.items() if slot != NOT_APPLICABLE},
        move_weights=WAYS_TO_MOVE_WEIGHT[chosen[NOT_APPLICABLE].id],
    )


def _choice(entry: Table, sets: Mapping[str, MethodSet]) -> Choice:
    id = entry["method_set"]
    _must_have_source(id, entry)
    if id not in sets:
        raise DefinitionError(f"选用了没有定义的方法组“{id}”。", method_set=id)
    return Choice(id, entry["from_fiscal_year"], entry.get("jurisdiction"), entry["source"], entry["status"])


def _steps(id: str, entry: Table) -> tuple[Step, ...]:
    steps = tuple((_number(id, low), _number(id, share)) for low, share in entry["steps"])
    lows = [low for low, _ in steps]
    if lows != sorted(set(lows), reverse=True) or lows[-1] != 0 or any(not 0 <= share <= 1 for _, share in steps):
        raise DefinitionError(f"“{id}”的分档须从高到低、以 0 结尾，比例在 0 和 1 之间。", method=id)
    return steps


def _bands(id: str, entry: Table) -> tuple[Band, ...]:
    bands = tuple(
        Band(band["word"], _number(id, band["low"]), _number(id, band["high"]), band["closed"])
        for band in entry["bands"]
    )
    if any(not 0 <= band.low <= band.high <= 1 for band in bands):
        raise DefinitionError(f"“{id}”的比例须在 0 和 1 之间，下限不大于上限。", method=id)
    return bands


def _number(id: str, text: Any) -> Decimal:
    try:
        return Decimal(text)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise DefinitionError(f"“{id}”中的“{text}”不是数字。", entry=id) from error


def _must_have_source(id: str, entry: Table) -> None:
    if not entry["source"] or entry["status"] not in STATUSES:
        raise DefinitionError(f"“{id}”须写明 source，status 须为 {'、'.join(STATUSES)} 之一。", entry=id)

"""`jixiao rules`: which rules of the law a scenario shows, and what the product can do in each jurisdiction.

Read from `features/`: the rules (rules.txt), why some are not told (untold.txt), what each jurisdiction's documents ask
for (capabilities.txt), and the scenarios themselves with the rules they are tagged with.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import InvalidInput, NotFound
from web.settings import PROJECT

FEATURES = PROJECT / "features"
AREAS = {"CH": "从化区", "HX": "花溪区", "HC": "海沧区", "GZ": "广州市", "JH": "江汉区"}
WORKS, PARTLY, OPEN = "可用", "部分", "未做"
STATES = (WORKS, PARTLY, OPEN)
ANNOUNCED = "F"
"""The force of a rule that is only announced (拟实行)."""
_TAGGED = re.compile(r"@([A-Z]{2}-\d\d)")
_NAMED = re.compile(r"\s*场景(?:大纲)?:\s*(.+)")
_CAPABILITY = re.compile(r"(\d+) (\S+) (.+)")
_CELL = re.compile(rf"  ({'|'.join(AREAS.values())}) ((?:[A-Z]{{2}}-\d\d )+)({'|'.join(STATES)})(?: (.+))?")


class NoFeatures(NotFound):
    """The scenarios are not on this machine."""

    code = "rules.no_features"


class NotReadable(InvalidInput):
    """A line of the book says nothing that can be read."""

    code = "rules.not_readable"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue; `told` are the scenarios that show it, `reason` says why none does."""

    id: str
    stage: str
    force: str
    words: str
    told: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """What the documents of one area say on one capability, and how much of it works.

    `shown_by` are the scenarios of what works, as `阶段/文件 场景名`; `reason` is what is missing.
    """

    area: str
    rules: tuple[str, ...]
    state: str
    shown_by: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Capability:
    """One line of the second table."""

    number: int
    stage: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Both tables."""

    rules: tuple[Rule, ...]
    capabilities: tuple[Capability, ...]

    @property
    def told(self) -> int:
        """How many rules some scenario shows."""
        return sum(bool(rule.told) for rule in self.rules)

    def cells(self, state: str | None = None, *, announced: bool | None = None) -> list[Cell]:
        """The cells in that state; those that rest on announced rules only, or the others."""
        force = {rule.id: rule.force for rule in self.rules}
        every = (cell for capability in self.capabilities for cell in capability.cells)
        return [
            cell
            for cell in every
            if state in (None, cell.state)
            and announced in (None, all(force.get(rule) == ANNOUNCED for rule in cell.rules))
        ]


def read_rule_book(features: Path = FEATURES) -> RuleBook:
    """Both tables as they stand in the files below `features`."""
    told = scenarios(features)
    return RuleBook(tuple(_rules(features, told)), tuple(_capabilities(features)))


def scenarios(features: Path = FEATURES) -> Mapping[str, frozenset[str]]:
    """`阶段/文件 场景名` → the rules it is tagged with."""
    return {
        f"{file.relative_to(features).with_suffix('').as_posix()} {name}": rules
        for file in sorted(features.rglob("*.feature"))
        for name, rules in _scenarios(file.read_text(encoding="utf-8"))
    }


def book_json(book: RuleBook) -> dict[str, Any]:
    """The tables as one document."""
    return {
        "rules": {
            "count": len(book.rules),
            "told": book.told,
            "rows": [
                {"rule": rule.id, "stage": rule.stage, "force": rule.force, "words": rule.words,
                 "scenarios": list(rule.told), "reason": rule.reason}
                for rule in book.rules
            ],
        },
        "capabilities": {
            "cells": len(book.cells()),
            "announced_only": len(book.cells(announced=True)),
            "working": len(book.cells(WORKS)),
            "partly": len(book.cells(PARTLY)),
            "open": len(book.cells(OPEN)),
            "rows": [
                {"number": each.number, "stage": each.stage, "capability": each.name,
                 "cells": [
                     {"jurisdiction": cell.area, "rules": list(cell.rules), "state": cell.state,
                      "scenarios": list(cell.shown_by), "reason": cell.reason}
                     for cell in each.cells
                 ]}
                for each in book.capabilities
            ],
        },
    }  # fmt: skip


def book_words(book: RuleBook) -> str:
    """The tables for a terminal: every rule with how many scenarios show it, every cell with what is missing."""
    return "\n".join(
        [
            "一、规则",
            *map(_said_rule, book.rules),
            f"共 {len(book.rules)} 条，场景说到 {book.told} 条，没有说到 {len(book.rules) - book.told} 条。",
            "",
            "二、能力",
            *(line for each in book.capabilities for line in _said_capability(each)),
            _said_sum(book),
        ]
    )


def _said_sum(book: RuleBook) -> str:
    every, works = book.cells(), book.cells(WORKS)
    stated, stated_works = book.cells(announced=False), book.cells(WORKS, announced=False)
    return (
        f"各地文件写到 {len(every)} 格：可用 {len(works)} 格，部分 {len(book.cells(PARTLY))} 格，"
        f"未做 {len(book.cells(OPEN))} 格。\n"
        f"不算只是拟实行的 {len(every) - len(stated)} 格，规定和做法 {len(stated)} 格里可用 {len(stated_works)} 格。"
    )


def _said_rule(rule: Rule) -> str:
    how = f"{len(rule.told)} 个场景" if rule.told else f"没有场景：{rule.reason}"
    return f"  {rule.id} {rule.words} —— {how}"


def _said_capability(capability: Capability) -> Iterator[str]:
    yield f"  {capability.number} {capability.name}（{capability.stage}）"
    for cell in capability.cells:
        shown = f"，见 {len(cell.shown_by)} 个场景" if cell.shown_by else ""
        missing = f"：{cell.reason}" if cell.reason else ""
        yield f"    {cell.area} {cell.state}（{'、'.join(cell.rules)}）{shown}{missing}"


def _rules(features: Path, told: Mapping[str, frozenset[str]]) -> Iterator[Rule]:
    reasons = dict(line.split(maxsplit=1) for line in _lines(features / "untold.txt"))
    for line in _lines(features / "rules.txt"):
        rule, stage, force, words = line.split(maxsplit=3)
        shown = tuple(name for name, rules in told.items() if rule in rules)
        yield Rule(rule, stage, force, words, shown, None if shown else reasons.get(rule, "没有写原因"))


def _capabilities(features: Path) -> Iterator[Capability]:
    lines = list(_lines(features / "capabilities.txt"))
    starts = [at for at, line in enumerate(lines) if not line.startswith(" ")]
    for begin, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        head = _read(_CAPABILITY, lines[begin])
        yield Capability(int(head[1]), head[2], head[3], tuple(_cells(lines[begin + 1 : end])))


def _cells(lines: Iterable[str]) -> Iterator[Cell]:
    """A line for each cell, and below it, further in, the scenarios that show it."""
    found: list[tuple[re.Match[str], list[str]]] = []
    for line in lines:
        if line.startswith("    ") and found:
            found[-1][1].append(line.strip())
        else:
            found.append((_read(_CELL, line), []))
    for cell, shown in found:
        yield Cell(cell[1], tuple(cell[2].split()), cell[3], tuple(shown), cell[4])


def _scenarios(text: str) -> Iterator[tuple[str, frozenset[str]]]:
    tags: set[str] = set()
    for line in text.splitlines():
        named = _NAMED.fullmatch(line)
        if named:
            yield named[1].strip(), frozenset(tags)
        if line.strip().startswith("@"):
            tags |= set(_TAGGED.findall(line))
        elif line.strip():
            tags = set()


def _lines(file: Path) -> Iterator[str]:
    if not file.is_file():
        raise NoFeatures(
            f"没有找到“{file}”：规则和场景随源代码一起，不随安装包。请在源代码的文件夹里运行。", file=str(file)
        )
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def _read(pattern: re.Pattern[str], line: str) -> re.Match[str]:
    found = pattern.fullmatch(line)
    if found is None:
        raise NotReadable(f"features/capabilities.txt 里的这一行读不懂：“{line}”。请照文件开头说的格式改写。")
    return found

"""Answers at random for any diagram, made from what the diagram itself says may be answered."""

import random
import re
import zlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.process import Decide, Diagrams, Element

MESSAGE_VARIABLES = {"sampled": (True, False), "selected": (True, False), "organizer": ("finance", "department")}
ITEMS = ("R-1", "R-2", "R-3")


def answer_to(element: Element, chance: random.Random) -> dict[str, Any]:
    """One of the outcomes, and a value for every variable the element says it sets or computes."""
    answer: dict[str, Any] = {name: chance.choice(values) for name, values in MESSAGE_VARIABLES.items()}
    answer["rectification_items"] = list(ITEMS[: chance.randint(0, 3)])
    if "outcomes" in element.properties:
        answer["outcome"] = chance.choice(element.step.outcomes)
    for name in element.step.computes:
        answer[name] = Decimal(chance.randint(0, 1000)) / 10
    for question in element.step.asks:
        if question.choices:
            answer[question.variable] = _plain(chance.choice(question.choices))
        else:
            answer.setdefault(question.variable, "text")
    return answer


def decide_by_chance(diagrams: Diagrams) -> Decide:
    """Tables that answer at random, but the same question always the same, with all that conditions ask of them."""
    text = " ".join(content.decode() for content in diagrams.files.values())

    def decide(name: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        chance = random.Random(zlib.crc32(f"{name} {sorted(variables.items(), key=str)}".encode()))
        if chance.random() < 0.3:
            return {"undefined": True}
        listed: dict[str, list[str]] = {}
        for word, output in re.findall(rf"'(\w+)' (?:not )?in {name}\.(\w+)", text):
            listed.setdefault(output, []).append(word)
        asked: dict[str, list[Any]] = {}
        for output, word in re.findall(rf"\b{name}\.(\w+)(?: == '(\w+)')?", text):
            asked.setdefault(output, []).append(word or True)
        answers = {output: chance.choice([*words, words[0] is not True and "other"]) for output, words in asked.items()}
        lists = {output: [word for word in words if chance.random() < 0.5] for output, words in listed.items()}
        return answers | lists | {"undefined": False}

    return decide


def _plain(word: str) -> Any:
    return {"true": True, "false": False}.get(word, word)

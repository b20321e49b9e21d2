"""A draw anyone can repeat: 抽签 out of a frozen frame, with a seed from finance and one from a witness (CH-11, HX-17).

The whole rule, so that a deputy with a sheet of paper can follow it:

1. The frame is the list of all objects that may be drawn, written as canonical JSON; its SHA-256 is the frame's hash.
2. An object of weight w puts w slips into the box (weights with decimals are first brought to whole numbers).
3. The number on slip k of case c is the SHA-256 of the text ``finance seed|witness seed|frame hash|c|k``.
4. An object counts with the smallest number on its slips. The objects with the smallest numbers are drawn.
5. 必抽, 回避: an object whose `draw` in the frame is "always" comes before all others, one whose `draw` is "never" has
   no slips. Both stand in the frame with their reason before anybody names a seed, so the frame's hash holds them.

For whole weights this is Efraimidis and Spirakis' weighted sampling without replacement, in integers only.
"""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from engine.errors import InvalidInput

Member = Mapping[str, Any]
"""One object of a frame: `case` (its number), `weight` (decimal text) and whatever else identifies it, as JSON."""

ALWAYS, NEVER = "always", "never"
MAX_SEED = 200
MAX_SLIPS = 2_000_000


class SeedRefused(InvalidInput):
    """A seed that would let one side decide alone, or that cannot be written down unmistakably."""

    code = "sample.seed_refused"


class SizeRefused(InvalidInput):
    """More (or fewer) objects asked for than can be drawn."""

    code = "sample.size_refused"


class FrameRefused(InvalidInput):
    """A frame nothing can be drawn from fairly."""

    code = "sample.frame_refused"


@dataclass(frozen=True, slots=True)
class Slip:
    """With which number an object takes part, and how many slips it had in the box."""

    case: int
    slips: int
    number: str


def canonical(frame: Sequence[Member]) -> bytes:
    """The frame as the bytes that are hashed: members by case number, keys sorted, no spaces, UTF-8."""
    ordered = sorted(frame, key=lambda member: int(member["case"]))
    return json.dumps(ordered, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def frame_hash(frame: Sequence[Member]) -> bytes:
    """What both sides note down before anybody names a seed.

    >>> frame_hash([{"case": 7, "weight": "1"}]).hex()[:16]
    '91fe90c8c6bfb7a0'
    """
    return hashlib.sha256(canonical(frame)).digest()


def draw(frame: Sequence[Member], finance_seed: str, witness_seed: str, size: int) -> tuple[int, ...]:
    """The numbers of the cases drawn, in the order of the draw.

    >>> box = [{"case": n, "weight": "1"} for n in range(1, 7)]
    >>> draw(box, "2022-03-01", "花开溪畔", 3)
    (1, 2, 5)
    """
    ranked = ranking(frame, finance_seed, witness_seed)
    must_be_drawable(len(ranked), size)
    return tuple(slip.case for slip in ranked[:size])


def must_be_drawable(candidates: int, size: int) -> None:
    """Refuse to draw none, or more than there are."""
    if not 1 <= size <= candidates:
        raise SizeRefused(
            f"备选对象共{candidates}个，不能抽{size}个，没有抽样。请核对抽取数量。", size=size, candidates=candidates
        )


def ranking(frame: Sequence[Member], finance_seed: str, witness_seed: str) -> tuple[Slip, ...]:
    """All objects in the order in which they would be drawn; those of weight 0 and those kept out take no part.

    >>> box = [{"case": n, "weight": "1"} for n in range(1, 5)] + [{"case": 5, "weight": "1", "draw": "always"}]
    >>> ranking([*box[1:], {**box[0], "draw": "never"}], "2022-03-01", "花开溪畔")[0].case
    5
    """
    _refuse_bad_seeds(finance_seed, witness_seed)
    counts = _slips(frame)
    first = {int(member["case"]) for member in frame if member.get("draw") == ALWAYS}
    opening = f"{finance_seed}|{witness_seed}|{frame_hash(frame).hex()}"
    slips = (Slip(case, count, _smallest(opening, case, count)) for case, count in counts.items() if count)
    return tuple(sorted(slips, key=lambda slip: (slip.case not in first, slip.number, slip.case)))


def number_on_slip(opening: str, case: int, k: int) -> str:
    """The number on slip `k` (from 1) of a case, as hexadecimal text; `opening` is both seeds and the frame's hash."""
    return hashlib.sha256(f"{opening}|{case}|{k}".encode()).hexdigest()


def _smallest(opening: str, case: int, count: int) -> str:
    return min(number_on_slip(opening, case, k) for k in range(1, count + 1))


def _slips(frame: Sequence[Member]) -> dict[int, int]:
    """How many slips each case has: the weights as the smallest whole numbers in the same proportion."""
    if not frame:
        raise FrameRefused("备选名单是空的，没有抽样。请先核对哪些案卷在等待抽取。")
    weights = {int(member["case"]): _weight(member) for member in frame}
    if len(weights) != len(frame):
        raise FrameRefused("备选名单里有重复的案卷，没有抽样。请核对名单。")
    whole = math.lcm(*(weight.denominator for weight in weights.values()))
    counts = {case: int(weight * whole) for case, weight in weights.items()}
    shared = math.gcd(*counts.values()) or 1
    if sum(counts.values()) // shared > MAX_SLIPS:
        raise FrameRefused(
            f"抽取权重相差太细，要用超过{MAX_SLIPS}张签，没有抽样。请把权重改成较小的整数。", limit=MAX_SLIPS
        )
    return {case: count // shared for case, count in counts.items()}


def _weight(member: Member) -> Fraction:
    weight = Fraction(0) if member.get("draw") == NEVER else Fraction(str(member["weight"]))
    if weight < 0:
        raise FrameRefused(f"{member['case']}号案卷的抽取权重是负数，没有抽样。请核对抽取规则。", case=member["case"])
    return weight


def _refuse_bad_seeds(finance_seed: str, witness_seed: str) -> None:
    for whose, seed in (("财政", finance_seed), ("见证人", witness_seed)):
        if not seed.strip() or len(seed) > MAX_SEED or "|" in seed or not seed.isprintable():
            raise SeedRefused(
                f"{whose}的种子要填写，不超过{MAX_SEED}字，不能含“|”或换行，没有抽样。请换一个。", whose=whose
            )
    if finance_seed.strip() == witness_seed.strip():
        raise SeedRefused("财政和见证人的种子相同，起不到互相制约的作用，没有抽样。请各自另出一个。")

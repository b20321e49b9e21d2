"""Drawing a sample that anyone can repeat."""

import hashlib
import json
from collections import Counter
from typing import Any

import pytest

from engine.results.sampling import (
    FrameRefused,
    SeedRefused,
    SizeRefused,
    draw,
    frame_hash,
    ranking,
)


def frame_of(count: int, weight: str = "1") -> list[dict[str, Any]]:
    return [{"case": number, "code": f"P{number}", "weight": weight} for number in range(1, count + 1)]


def test_the_same_frame_and_seeds_always_give_the_same_sample() -> None:
    first = draw(frame_of(100), "财政2022", "代表8241", 10)

    again = draw(list(reversed(frame_of(100))), "财政2022", "代表8241", 10)

    assert first == again


def test_an_outsider_repeats_the_draw_with_nothing_but_sha256_and_the_published_rule() -> None:
    frame = frame_of(20) + [{"case": 21, "code": "P21", "weight": "3"}]
    text = json.dumps(frame, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()

    def smallest(case: int, slips: int) -> str:
        numbers = [f"甲|乙|{digest}|{case}|{k}" for k in range(1, slips + 1)]
        return min(hashlib.sha256(number.encode()).hexdigest() for number in numbers)

    by_hand = sorted((smallest(member["case"], int(member["weight"])), member["case"]) for member in frame)

    assert draw(frame, "甲", "乙", 5) == tuple(case for _, case in by_hand[:5])


def test_either_seed_alone_changes_the_sample() -> None:
    sample = draw(frame_of(1000), "甲", "乙", 20)

    assert draw(frame_of(1000), "甲2", "乙", 20) != sample
    assert draw(frame_of(1000), "甲", "乙2", 20) != sample


def test_changing_any_detail_of_the_frame_changes_its_hash() -> None:
    changed = frame_of(3)
    changed[1]["amount_wan"] = "1"

    assert frame_hash(changed) != frame_hash(frame_of(3))


def test_an_object_of_weight_three_is_drawn_first_three_times_as_often() -> None:
    frame = [{"case": 1, "weight": "3"}, {"case": 2, "weight": "1"}]

    first = Counter(draw(frame, f"甲{n}", "乙", 1)[0] for n in range(4000))

    assert 2850 <= first[1] <= 3150  # 3000 expected; the bounds are more than five standard deviations away


def test_decimal_weights_become_the_smallest_whole_numbers_in_the_same_proportion() -> None:
    frame = [{"case": 1, "weight": "1.5"}, {"case": 2, "weight": "0.5"}, {"case": 3, "weight": "2.0"}]

    slips = {slip.case: slip.slips for slip in ranking(frame, "甲", "乙")}

    assert slips == {1: 3, 2: 1, 3: 4}


def test_equal_weights_take_one_slip_each_whatever_they_are() -> None:
    assert {slip.slips for slip in ranking(frame_of(5, "250000.000001"), "甲", "乙")} == {1}


def test_an_object_of_weight_nought_is_never_drawn() -> None:
    frame = [*frame_of(3), {"case": 9, "weight": "0"}]

    assert 9 not in draw(frame, "甲", "乙", 3)
    with pytest.raises(SizeRefused, match="共3个，不能抽4个"):
        draw(frame, "甲", "乙", 4)


@pytest.mark.parametrize("size", [0, -1, 4])
def test_a_size_that_cannot_be_drawn_is_refused(size: int) -> None:
    with pytest.raises(SizeRefused, match="备选对象共3个"):
        draw(frame_of(3), "甲", "乙", size)


@pytest.mark.parametrize(
    ("finance", "witness"), [("", "乙"), ("甲", "  "), ("甲|丙", "乙"), ("甲", "乙\n"), ("甲" * 201, "乙")]
)
def test_a_seed_that_cannot_be_written_down_unmistakably_is_refused(finance: str, witness: str) -> None:
    with pytest.raises(SeedRefused, match="种子要填写"):
        draw(frame_of(3), finance, witness, 1)


def test_finance_and_witness_cannot_name_the_same_seed() -> None:
    with pytest.raises(SeedRefused, match="相同"):
        draw(frame_of(3), "同一个", "同一个 ", 1)


def test_an_empty_frame_is_refused() -> None:
    with pytest.raises(FrameRefused, match="空"):
        draw([], "甲", "乙", 1)


def test_a_case_listed_twice_is_refused() -> None:
    with pytest.raises(FrameRefused, match="重复"):
        draw([*frame_of(3), {"case": 2, "weight": "1"}], "甲", "乙", 1)


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(FrameRefused, match="负数"):
        draw([*frame_of(3), {"case": 4, "weight": "-1"}], "甲", "乙", 1)


def test_weights_too_fine_to_count_out_in_slips_are_refused() -> None:
    with pytest.raises(FrameRefused, match="太细"):
        draw([{"case": 1, "weight": "0.0000001"}, {"case": 2, "weight": "1"}], "甲", "乙", 1)

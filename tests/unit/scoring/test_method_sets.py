"""The catalogue of methods: every entry has a source, and an unsound file is refused by name."""

from importlib.resources import files

import pytest

from engine.errors import DefinitionError
from engine.scoring import METHODS
from engine.scoring.method_sets import STATUSES, catalogue, read_catalogue
from engine.scoring.methods import METHODS_BY_BANDS, METHODS_BY_STEPS, SLOTS, WAYS_TO_MOVE_WEIGHT

TEXT = files("engine.scoring").joinpath("method_sets.toml").read_text("utf-8")


def test_every_set_covers_every_kind_of_row_and_names_its_source() -> None:
    for method_set in catalogue().sets.values():
        assert set(method_set.methods) == set(SLOTS)
        assert method_set.source
        assert method_set.status in STATUSES
        assert "@" in method_set.id


def test_every_algorithm_is_described_in_the_file() -> None:
    known = {*METHODS, *METHODS_BY_STEPS, *METHODS_BY_BANDS, *WAYS_TO_MOVE_WEIGHT}

    assert all(f'[methods."{id}"]' in TEXT for id in known)


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('[methods."at_least.proportional@1"]', '[methods."at_least.proportional@2"]', "没有对应的算法"),
        ('status = "default"', 'status = "sure"', "status 须为"),
        ('source = "W8"', 'source = ""', "须写明 source"),
        ('["0.90", "1"], ["0.80", "0.8"]', '["0.80", "0.8"], ["0.90", "1"]', "从高到低"),
        ('["0.60", "0.5"], ["0", "0"]]', '["0.60", "0.5"]]', "以 0 结尾"),
        ('low = "0.80", high = "1.00"', 'low = "0.80", high = "1.50"', "下限不大于上限"),
        ('["0.60", "0.5"], ["0", "0"]]', '["0.60", "0.5"], ["0", "-0.5"]]', "比例在 0 和 1 之间"),
        ('low = "0", high = "0.60"', 'low = "-0.01", high = "0.60"', "比例须在 0 和 1 之间"),
        ('low = "0.80", high = "1.00"', 'low = "很高", high = "1.00"', "不是数字"),
        ('id = "mof2020.ratio_cost@1"', 'id = "mof2020.step_execution@1"', "出现了两次"),
        ('methods = ["execution.steps@1"]', 'methods = ["execution.none@1"]', "没有定义"),
        ('methods = ["execution.steps@1"]', 'methods = ["speed.steps@1"]', "没有定义"),
        ('method_set = "with_cost2021', 'method_set = "with_cost1921', "没有定义的方法组"),
        ('title = "≥：', '标题 = "≥：', "不是有效的 TOML"),
        ('base = "mof2020.proportional@1"\nsource = "W8"', 'source = "W8"', "没有规定或多出"),
    ],
)
def test_an_unsound_catalogue_is_refused_by_name(right: str, wrong: str, message: str) -> None:
    assert right in TEXT
    with pytest.raises(DefinitionError, match=message):
        read_catalogue(TEXT.replace(right, wrong))


def test_a_missing_key_is_named() -> None:
    with pytest.raises(DefinitionError, match="title"):
        read_catalogue(TEXT.replace('title = "≥：', 'name = "≥：'))

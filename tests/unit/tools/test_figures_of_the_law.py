"""Which figures of tables and packs are moved, and to what."""

from engine.policies.load import policy_files
from tests.papers import ROOT
from tools.mutation.figures import figures_in

FILES = policy_files(ROOT / "bpmn")


def moved(name: str) -> set[tuple[str, str, str]]:
    """Row, figure before and after, of all that can be moved in a file."""
    found = figures_in({name: FILES[name]})
    return {(change.function, change.before, change.after) for change in found}


def test_every_bound_of_a_grade_is_moved_by_one_without_two_grades_for_one_score() -> None:
    assert moved("policies/huaxi/grade.dmn") == {
        ("huaxi_grade_excellent", "90", "91"),
        ("huaxi_grade_good", "80", "81"),
        ("huaxi_grade_good", "90", "89"),
    }


def test_of_a_pack_figures_count_and_names_sources_and_dates_do_not() -> None:
    assert moved("policies/huaxi/pack.toml") == {("fiscal_years", "2020", "2021"), ("fiscal_years", "2021", "2022")}


def test_a_change_says_where_it_is_made_and_makes_it_there() -> None:
    name = "policies/huaxi/grade.dmn"
    change = next(figures_in({name: FILES[name]}))

    made = change.made_in(FILES[name]).decode().splitlines()[change.line - 1]
    assert made == FILES[name].decode().splitlines()[change.line - 1].replace(change.before, change.after)
    assert change.file == f"bpmn/{name}"

"""`.ci/run` names folders of tests for the oldest server: a new folder must not be forgotten there."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_folder_of_tests_is_also_run_on_the_oldest_server() -> None:
    said = (ROOT / ".ci/run").read_text(encoding="utf-8")
    folders = {path.relative_to(ROOT).parts[1] for path in (ROOT / "tests").rglob("test_*.py")}

    assert "integration" in folders
    assert sorted(folder for folder in folders if f"tests/{folder}" not in said) == []

"""`jixiao rehearse` and `jixiao demo` at the terminal: one JSON document, files at the end, refusals in a sentence."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from engine.store import Logins
from web.cli import main
from web.demo import NAME, NotOurDatabase, demonstrate
from web.settings import PROJECT, Settings
from web.wiring import create_empty, drop

DEPARTMENTS = "agency,unit,score,grade\n甲事务所,甲局,90.50,优\n"
HEADER = "no,name,funds_wan_yuan,self_score,third_party_score,grade,name_inferred\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["rehearse", *map(str, arguments)])


@pytest.fixture
def departments(tmp_path: Path) -> Path:
    path = tmp_path / "部门.csv"
    path.write_text(DEPARTMENTS, encoding="utf-8")
    return path


def test_one_department_is_enough_for_a_year(departments: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果"

    done = run("huaxi", "--year", 2021, "--departments", departments, "--out", out, "--json")

    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer == json.loads((out / "results.json").read_text("utf-8"))
    assert (answer["departments"]["grades"], answer["projects"]["count"]) == ({"优": 1}, 0)
    assert (out / "summary.md").read_text("utf-8").startswith("# 花溪区 2021 年度演练")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("huaxi", "--year", 2021), "没有可演练的对象"),
        (
            ("huaxi", "--year", 2031, "--departments", "部门.csv"),
            "2030、2031、2032、2033 年的放假安排还没有确认",
        ),
        (("nowhere", "--year", 2021, "--departments", "部门.csv"), "没有叫“nowhere”的地区"),
        (("huaxi", "--year", 2021, "--departments", "无.csv"), "文件“无.csv”没有读入。找不到这个文件"),
        (("huaxi", "--year", 2021, "--projects", "部门.csv"), "第 1 行“agency”列：表头不对"),
        (("huaxi", "--year", 2021, "--projects", "坏.csv"), "第 2 行“third_party_score”列：91.125 的小数超过 2 位"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_and_nothing_is_written(
    departments: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[object, ...], sentence: str
) -> None:
    (tmp_path / "坏.csv").write_text(f"{HEADER}1,道路,300,100,91.125,优,no\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    refused = run(*arguments, "--out", "结果", "--json")

    assert refused.exit_code == 1
    assert sentence in json.loads(refused.stdout)["error"]["message"]
    assert sentence in refused.stderr
    assert not (tmp_path / "结果").exists()


def _on(server: Logins) -> Settings:
    return Settings(server.application, server.owner, PROJECT / "bpmn", PROJECT / "var" / "files")


def test_a_demo_leaves_a_database_alone_that_no_demo_made(server: Logins) -> None:
    create_empty(server, NAME)
    try:
        with pytest.raises(NotOurDatabase, match="不是演示程序建立的，没有启动，也没有改动它"):
            demonstrate(_on(server), fresh=True)
    finally:
        drop(server, NAME)


def test_a_demo_that_is_there_is_shown_and_not_made_again(server: Logins, template: str) -> None:
    create_empty(server, NAME, template)
    engine = create_engine(server.as_owner(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"COMMENT ON DATABASE {NAME} IS '绩效演示数据'"))
    engine.dispose()
    try:
        shown = demonstrate(_on(server))
    finally:
        drop(server, NAME)

    assert not shown["made_now"]
    assert (shown["clock"], shown["cases"]) == ("2022-10-12", 0)

"""Papers, scores, opinions and amounts behind the journal's back: whatever was altered there is named."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.audit.export import export_lines
from engine.audit.verify import Verification, verify
from engine.clock import shanghai
from engine.store import Database
from engine.words import CaseKind
from tests.factories import Bureau
from tests.integration.audit.offline import Tamper, offline
from tests.journeys import begin, evaluated
from tests.office import Office
from web.auditing import verification_of

AT = shanghai(2022, 12, 1)


@pytest.fixture
def case_id(database: Database, bureau: Bureau) -> int:
    """A case with an accepted evaluation: papers, opinions, a score."""
    journey = evaluated(begin(database, bureau))
    journey.do("appraise_agency")
    return journey.case_id


def verified(database: Database) -> Verification:
    with database.transaction("huaxi") as session:
        return verify(session, "huaxi")


def test_a_case_nobody_touched_agrees_with_its_journal(database: Database, case_id: int) -> None:
    assert verified(database).holds


@pytest.mark.parametrize("kind", CaseKind)
def test_a_whole_year_of_a_case_agrees_with_its_journal_here_and_offline(
    database: Database, tmp_path: Path, kind: CaseKind
) -> None:
    office = Office.opened(database)
    case = office.open_case(kind)
    while office.case(case).state == "active":
        office.go_on(case, sampled=True, selected=True)

    assert verified(database).breaks == ()
    code, said = offline(exported(database, tmp_path))
    assert (code, "也重算过了" in said) == (0, True)


@dataclass(frozen=True)
class Forgery:
    """What somebody does to the tables, and the sentence that betrays it."""

    statement: str
    said: str


PAPERS = "jsonb_set(content, '{forged}', '\"是\"')"
FORGERIES = {
    "a paper rewritten": Forgery(
        f"UPDATE submissions SET content = {PAPERS} WHERE form = 'F13'",
        "提到的报送件与校验值不符，内容被改动过",
    ),
    "a version renumbered": Forgery(
        "UPDATE submissions SET version = 9 WHERE form = 'F13'", "提到的报送件与校验值不符，内容被改动过"
    ),
    "a paper removed": Forgery("DELETE FROM submissions WHERE form = 'F13'", "提到的报送件找不到了，被删除过"),
    "a paper slipped in": Forgery(
        "INSERT INTO submissions SELECT gen_random_uuid(), s.jurisdiction, s.case_id, s.task_id, s.stage, s.form, "
        "s.item, 7, s.state, s.content, s.filled_by, s.filled_at, s.submitted_by, s.submitted_at, s.frozen_at "
        "FROM submissions s WHERE s.form = 'F13'",
        "有1份报送件在记录里没有提到，是绕过系统添加的",
    ),
    "a score raised": Forgery("UPDATE scores SET total = 99", "提到的得分与校验值不符，内容被改动过"),
    "a grade raised": Forgery("UPDATE scores SET grade = '优'", "提到的得分与校验值不符，内容被改动过"),
    "a second score of a paper": Forgery(
        "INSERT INTO scores SELECT gen_random_uuid(), s.jurisdiction, s.case_id, s.submission_id, s.kind, 99, "
        "s.method, s.grade, s.basis, s.scored_at FROM scores s ORDER BY s.scored_at DESC LIMIT 1",
        "提到的得分与校验值不符，内容被改动过",
    ),
    "an opinion reworded": Forgery("UPDATE reviews SET reason = '同意'", "提到的意见与校验值不符，内容被改动过"),
    "an opinion removed": Forgery("DELETE FROM reviews", "提到的意见找不到了，被删除过"),
    "the amount": Forgery(
        "WITH lines AS (UPDATE fund_lines SET amount_wan = 999) UPDATE cases SET amount_wan = 999",
        "案卷金额是999万元，记录里最后一次确定的是180万元，金额被改动过",
    ),
    "the fund lines": Forgery(
        "UPDATE fund_lines SET name = '改名的资金'", "各笔资金与记录里的校验值不符，资金明细被改动过"
    ),
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_what_is_altered_behind_the_journals_back_is_named(
    database: Database, case_id: int, tamper: Tamper, forgery: Forgery
) -> None:
    tamper(forgery.statement)

    breaks = verified(database).breaks

    assert {found.case_id for found in breaks} == {case_id}
    assert any(forgery.said in found.message for found in breaks)


def test_an_emptied_journal_is_noticed_even_when_nothing_names_the_jurisdiction(
    database: Database, case_id: int, tamper: Tamper
) -> None:
    tamper("ALTER TABLE journal DISABLE TRIGGER ALL")
    tamper("TRUNCATE journal")

    found = verification_of(database, None)

    assert not found["ok"]
    assert {broken["case_id"] for broken in found["breaks"]} >= {case_id}
    assert "没有改动" not in found["words"]


def test_an_emptied_journal_is_noticed_when_the_heads_were_reset_as_well(
    database: Database, case_id: int, tamper: Tamper
) -> None:
    tamper("ALTER TABLE journal DISABLE TRIGGER ALL")
    tamper("TRUNCATE journal, journal_heads")
    tamper("UPDATE cases SET journal_seq = 0, journal_head = decode(repeat('00', 32), 'hex')")

    breaks = {found.case_id: found.message for found in verified(database).breaks}

    assert breaks[case_id] == "应有至少1条记录，一条也没有找到，记录被删除过"
    assert breaks[0] == "有工作部署或抽样，本级记录一条也没有找到，记录被删除过"


# ── taken away as a file ─────────────────────────────────────────────────────────────────────────────────────────────


def exported(database: Database, folder: Path, *, with_papers: bool = True) -> Path:
    file = folder / "journal.jsonl"
    with database.transaction("huaxi") as session:
        lines = export_lines(session, "huaxi", at=AT, with_papers=with_papers)
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def without_papers(database: Database, folder: Path) -> Path:
    return exported(database, folder, with_papers=False)


def altered(file: Path, change: Callable[[list[dict[str, Any]]], Any]) -> Path:
    documents = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    change(documents)
    file.write_text("\n".join(json.dumps(document, ensure_ascii=False) for document in documents), encoding="utf-8")
    return file


def last(documents: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return [document for document in documents if document["kind"] == kind][-1]


def test_an_export_without_papers_says_what_was_not_recomputed(
    database: Database, case_id: int, tmp_path: Path
) -> None:
    code, said = offline(without_papers(database, tmp_path))

    assert code == 0
    assert "全部相符" in said
    assert "没有重算：导出时没有带上它们" in said


def test_an_export_without_papers_holds_no_content(database: Database, case_id: int, tmp_path: Path) -> None:
    kinds = {json.loads(line)["kind"] for line in without_papers(database, tmp_path).read_text("utf-8").splitlines()}

    assert kinds == {"journal", "entry", "head", "case", "end"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda found: last(found, "paper")["content"].update(version=9), "报送件与校验值不符"),
        (lambda found: last(found, "score")["content"].update(total="99"), "得分与校验值不符"),
        (lambda found: last(found, "opinion")["content"].update(reason="同意"), "意见与校验值不符"),
        (lambda found: last(found, "case").update(amount_wan="999"), "金额是999万元，记录里最后一次确定的是180万元"),
        (lambda found: last(found, "case")["lines"][0].__setitem__(2, "999"), "资金明细被改动过"),
        (lambda found: last(found, "case").update(case_id=99), "案卷99一条记录也没有"),
        (lambda found: last(found, "entry").update(stage="monitoring"), "与校验值不符，内容被改动过"),
        (lambda found: last(found, "paper").update(id="00" * 16), "是绕过系统添加的"),
        (lambda found: found.remove(last(found, "opinion")), "文件不完整"),
    ],
)
def test_the_script_finds_what_was_altered_besides_the_entries(
    database: Database, case_id: int, tmp_path: Path, change: Callable[[list[dict[str, Any]]], Any], said: str
) -> None:
    code, output = offline(altered(exported(database, tmp_path), change))

    assert code == 1
    assert said in output


def test_the_script_still_reads_an_export_of_the_first_format() -> None:
    code, said = offline(Path(__file__).parents[2] / "contract" / "journals" / "before_versions.jsonl")

    assert (code, said.strip()) == (0, "87条记录、2条记录链、2个锚点，全部相符。")


def test_a_file_too_deep_to_be_read_is_not_called_altered(tmp_path: Path) -> None:
    file = tmp_path / "deep.jsonl"
    file.write_text('{"kind": "journal", "format": ' + "[" * 100_000 + "]" * 100_000 + "}\n", encoding="utf-8")

    code, said = offline(file)

    assert code == 2
    assert "Traceback" not in said

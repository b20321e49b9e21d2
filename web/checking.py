"""`jixiao check`: every diagram and table somebody points at, found fault by fault."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.deadlines.checking import faults_of_rows, names_apart, words_apart
from engine.errors import EngineError, InvalidInput
from engine.findings import Finding, errors
from engine.policies import DECISIONS, Policies, read_policies, read_table
from engine.process.lint import check_files, count_steps, deadlines_waited_for
from engine.process.lint.words import OPERATIONS
from engine.scoring.method_sets import catalogue
from engine.xml import MAX_BYTES
from web.wiring import calendar_files


class NothingThere(InvalidInput):
    """The path does not exist or cannot be read."""

    code = "check.nothing_there"


ENDINGS = {".bpmn20.xml": ".bpmn", ".bpmn.xml": ".bpmn", ".bpmn": ".bpmn", ".dmn.xml": ".dmn", ".dmn": ".dmn"}
"""How other tools end the names of such files, and how they end here."""


def check_paths(paths: Sequence[Path], bpmn: Path) -> list[dict[str, Any]]:
    """All findings, worst first; without paths everything below `bpmn`."""
    findings: list[Finding] = []
    for root in [bpmn] if not paths else [path for path in paths if _is_root(path)]:
        findings += check_root(root)
    files = list(_files(path for path in paths if not _is_root(path)))
    diagrams = {str(path): _start_of(path) for path in files if path.suffix == ".bpmn"}
    if diagrams:
        findings += _check_diagrams(diagrams, *read_policies(bpmn))
    for path in files:
        if path.suffix == ".dmn":
            findings += _check_table(str(path), _start_of(path))
        elif path.suffix not in (".bpmn", ".dmn"):
            findings.append(_not_ours(path))
    findings.sort(key=lambda finding: (finding.severity != "error", finding.file, finding.line or 0))
    return [asdict(finding) for finding in findings]


def steps_counted(paths: Sequence[Path], bpmn: Path) -> dict[str, int]:
    """How many steps the diagrams among them hold, and how many of those have no deadline."""
    roots = [bpmn] if not paths else [path for path in paths if _is_root(path)]
    files = [path for root in roots for path in sorted((root / "lifecycle").glob("*.bpmn"))]
    files += [path for path in _files(path for path in paths if not _is_root(path)) if path.suffix == ".bpmn"]
    return count_steps({str(path): _start_of(path) for path in files})


def check_root(root: Path) -> list[Finding]:
    """Diagrams, tables, packs and calendars of one definition folder, checked together."""
    diagrams = {f"lifecycle/{path.name}": _start_of(path) for path in sorted((root / "lifecycle").glob("*.bpmn"))}
    policies, findings = read_policies(root)
    findings = [*_check_diagrams(diagrams, policies, findings), *findings]
    findings += (fault for table in policies.tables("deadline") for fault in faults_of_rows(table))
    findings += _scoring_nobody_knows(policies)
    if diagrams and not errors(findings):
        waiting = deadlines_waited_for(diagrams)
        findings += [*names_apart(policies, waiting), *words_apart(policies, waiting)]
    try:
        calendar_files(root)
    except EngineError as refusal:
        findings.append(Finding("error", "calendars", None, None, refusal.message, "请改正这一年的工作日历文件"))
    return findings


def findings_words(findings: Sequence[dict[str, Any]], steps: dict[str, int]) -> str:
    """The findings as lines for a terminal, with the number of `steps` and of those without a deadline."""
    counted = [f"办理步骤 {steps['all']} 个，其中没有期限的 {steps['without_deadline']} 个。"] if steps["all"] else []
    if not findings:
        return "\n".join(["检查通过，没有发现问题。", *counted])
    lines = [
        f"{'错误' if each['severity'] == 'error' else '提示'} {each['file']}:{each['line'] or '-'} "
        f"{each['element'] or ''} {_sentence(each['message'])}{_sentence(each['remedy'])}"
        for each in findings
    ]
    wrong = sum(each["severity"] == "error" for each in findings)
    return "\n".join([*lines, f"共 {len(findings)} 条，其中错误 {wrong} 条。", *counted])


def _check_diagrams(diagrams: Mapping[str, bytes], policies: Policies, unsound: Sequence[Finding]) -> list[Finding]:
    """What is wrong with diagrams; names of deadlines are looked up only in tables that are sound."""
    deadlines = None if errors(unsound) else policies.deadlines()
    return check_files(diagrams, decisions=DECISIONS, operations=OPERATIONS, deadlines=deadlines)


def _check_table(file: str, content: bytes) -> list[Finding]:
    table, findings = read_table(file, content)
    return findings + (faults_of_rows(table) if table and table.decision == "deadline" else [])


def _scoring_nobody_knows(policies: Policies) -> Iterable[Finding]:
    """A pack chooses a method set that is there."""
    for name in policies.names():
        for choice in policies.of(name).pack.scoring:
            if choice.method_set not in catalogue().sets:
                said = f"没有名为“{choice.method_set}”的计分方法组"
                remedy = f"可选：{'、'.join(catalogue().sets)}"
                yield Finding("error", f"policies/{name}/pack.toml", None, "scoring", said, remedy)


def _sentence(text: str) -> str:
    return text.rstrip("。；") + "。"


def _is_root(path: Path) -> bool:
    return (path / "lifecycle").is_dir() or (path / "decisions").is_dir()


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            found = sorted(each for each in path.rglob("*") if each.suffix in (".bpmn", ".dmn") and each.is_file())
            if not found:
                raise NothingThere(f"“{path}”里没有流程图或决策表，没有检查任何文件。请核对路径。", path=str(path))
            yield from found
        elif path.is_file():
            yield path
        else:
            raise NothingThere(f"没有找到“{path}”，没有检查任何文件。请核对路径。", path=str(path))


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as reason:
        raise NothingThere(f"“{path}”读不出来，没有检查。请核对权限，并确认它是普通文件。", path=str(path)) from reason


def _not_ours(path: Path) -> Finding:
    name = path.name.lower()
    for ending, ours in ENDINGS.items():
        if name.endswith(ending):
            better = path.name[: -len(ending)] + ours
            return Finding(
                "error", str(path), None, None, f"文件名不是以小写的“{ours}”结尾", f"请改名为“{better}”，再检查一次"
            )
    return Finding(
        "error", str(path), None, None, "不是流程图（.bpmn）也不是决策表（.dmn）", "请只检查这两种文件，或给出文件夹"
    )

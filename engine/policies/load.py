"""Reads the packs: national tables below decisions/, a jurisdiction's own below policies/<name>/.

A jurisdiction's table takes the place of the national table of that name as a whole: no row of the national one shines
through (花溪 lays down 优 and 良 and nothing below 80, so below 80 nothing is laid down there). A decision for which a
jurisdiction has no table is decided nationally; where the nation lays nothing down either, its table has no rows.
The administrative parent (广州市 for 从化区) lends no table: what a city sets for itself does not bind its districts.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from engine.findings import Finding, errors
from engine.policies.check import check_table
from engine.policies.compiler import compile_sheet
from engine.policies.dmn import read_sheet
from engine.policies.errors import UnknownJurisdiction, UnsoundTables
from engine.policies.laid_down import deadlines_laid_down
from engine.policies.model import NATIONAL, Policy
from engine.policies.names import listed, named, nearest
from engine.policies.pack import Pack, read_pack
from engine.policies.signatures import DECISIONS
from engine.policies.table import Table
from engine.xml import MAX_BYTES

_PLACE = re.compile(r"(?:decisions/(?P<national>[^/]+)|policies/(?P<pack>[^/]+)/(?P<own>[^/]+))\Z")


class Policies:
    """The policies of all jurisdictions, immutable."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._policies = {policy.name: policy for policy in policies}

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> "Policies":
        """The policies in these files, named by their place below bpmn/; refuses the whole when one file is unsound."""
        policies, findings = _read(files)
        must_be_sound(findings)
        return cls(policies)

    def names(self) -> tuple[str, ...]:
        """The jurisdictions, by name."""
        return tuple(self._policies)

    def of(self, jurisdiction: str) -> Policy:
        """The policy of one jurisdiction, by its identifier."""
        if jurisdiction not in self._policies:
            raise self._unknown(jurisdiction)
        return self._policies[jurisdiction]

    def named(self, text: str) -> Policy:
        """The policy of the jurisdiction a person means: huaxi, 花溪区 or 花溪."""
        found = named(text, self.titles())
        if found is None:
            raise self._unknown(text)
        return self._policies[found]

    def titles(self) -> dict[str, str]:
        """The jurisdictions' Chinese names by identifier."""
        return {policy.name: policy.title for policy in self._policies.values()}

    def deadlines(self) -> frozenset[str]:
        """Every deadline some jurisdiction's table lays down: what a diagram may wait for."""
        return frozenset[str]().union(*map(deadlines_laid_down, self.tables("deadline")))

    def tables(self, decision: str) -> list[Table]:
        """The tables that answer a decision anywhere, each once."""
        tables = [policy.tables[decision] for policy in self._policies.values() if decision in policy.tables]
        return list({table.file: table for table in tables}.values())

    def _unknown(self, text: str) -> UnknownJurisdiction:
        titles = self.titles()
        near = nearest(text, titles)
        meant = f"是不是想写 {listed(titles, near)}？" if near else ""
        return UnknownJurisdiction(
            f"没有叫“{text}”的地区。{meant}只有：{listed(titles)}。",
            jurisdiction=text,
            known=list(titles),
            nearest=near,
        )


def load_policies(bpmn: Path) -> Policies:
    """The policies below `bpmn`; refuses the whole folder when one file of it is unsound or missing."""
    policies, findings = read_policies(bpmn)
    must_be_sound(findings)
    return policies


def read_policies(bpmn: Path) -> tuple[Policies, list[Finding]]:
    """What can be read below `bpmn`, and every fault of every table and pack there."""
    files = policy_files(bpmn)
    policies, findings = _read(files)
    return Policies(policies), [*findings, *_belonging(files, policies)]


def check_table_file(file: str, content: bytes) -> list[Finding]:
    """Every fault of one table that belongs to no pack yet."""
    return read_table(file, content)[1]


def read_table(file: str, content: bytes) -> tuple[Table | None, list[Finding]]:
    """The table in a file that belongs to no pack yet, if it can be read, and every fault of it."""
    findings: list[Finding] = []
    return _table(file, content, NATIONAL, findings), findings


def policy_files(bpmn: Path) -> dict[str, bytes]:
    """The files of all tables and packs, by their place below `bpmn`; of a huge file only enough to refuse it."""
    paths = [*(bpmn / "decisions").rglob("*"), *(bpmn / "policies").rglob("*")]
    return {path.relative_to(bpmn).as_posix(): _start_of(path) for path in sorted(paths) if path.is_file()}


def _start_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def must_be_sound(findings: Iterable[Finding]) -> None:
    """Refuse tables and packs in which something is wrong, and say what to look at first."""
    wrong = errors(findings)
    if wrong:
        first = wrong[0]
        raise UnsoundTables(
            f"决策表或政策包有{len(wrong)}处错误，"
            f"先看{first.file}第{first.line or '?'}行：{first.message}。{first.remedy}。",
            findings=wrong,
        )


def _read(files: Mapping[str, bytes]) -> tuple[list[Policy], list[Finding]]:
    findings: list[Finding] = []
    tables: dict[str, dict[str, Table]] = {}
    packs: dict[str, Pack] = {}
    for file, content in files.items():
        place = _PLACE.match(file)
        layer = (place["pack"] or NATIONAL) if place else ""
        name = (place["own"] or place["national"]) if place else ""
        if name == "pack.toml" and layer != NATIONAL:
            pack = read_pack(file, content, findings)
            if pack:
                packs[layer] = pack
        elif name.endswith(".dmn"):
            table = _table(file, content, layer, findings)
            if table:
                tables.setdefault(layer, {})[table.decision] = table
        else:
            findings.append(Finding("error", file, 1, None, "这里不该有这个文件", "只放pack.toml和决策表（.dmn）"))
    findings.extend(_named_after_their_folders(packs))
    policies = [_policy(packs[layer], layer, tables, files) for layer in sorted(packs)]
    return policies, findings


def _table(file: str, content: bytes, layer: str, findings: list[Finding]) -> Table | None:
    sheet = read_sheet(file, content, findings)
    table = compile_sheet(sheet, layer, findings) if sheet else None
    if table:
        findings.extend(check_table(table))
    return table


def _policy(pack: Pack, layer: str, tables: Mapping[str, Mapping[str, Table]], files: Mapping[str, bytes]) -> Policy:
    in_effect = {**tables.get(NATIONAL, {}), **tables.get(layer, {})}
    ordered = {name: in_effect[name] for name in DECISIONS if name in in_effect}
    places = [f"policies/{layer}/pack.toml", *(table.file for table in ordered.values())]
    return Policy(pack, ordered, {place: files[place] for place in places})


def _named_after_their_folders(packs: Mapping[str, Pack]) -> list[Finding]:
    return [
        Finding(
            "error", f"policies/{layer}/pack.toml", None, "name", f"name是“{pack.name}”，与文件夹不同", f"应为{layer}"
        )
        for layer, pack in packs.items()
        if pack.name != layer
    ]


def _belonging(files: Mapping[str, bytes], policies: Iterable[Policy]) -> list[Finding]:
    """What only a whole folder can lack: a national table for each decision, a pack for each folder and parent."""
    findings = [
        Finding("error", f"decisions/{name}.dmn", None, name, "缺少国家层面的表", "放一张表；没有规定就不写行")
        for name in DECISIONS
        if f"decisions/{name}.dmn" not in files
    ]
    known = {policy.name: policy for policy in policies}
    for layer in sorted({place["pack"] for file in files if (place := _PLACE.match(file)) and place["pack"]}):
        if f"policies/{layer}/pack.toml" not in files:
            findings.append(
                Finding("error", f"policies/{layer}/pack.toml", None, None, "缺少pack.toml", "按其他地区的样子写一份")
            )
    for policy in known.values():
        if policy.parent is not None and policy.parent not in known:
            findings.append(
                Finding(
                    "error",
                    f"policies/{policy.name}/pack.toml",
                    None,
                    "parent",
                    f"上级“{policy.parent}”不是已有的地区",
                    "写已有地区的名称；上级不在系统内就只写parent_title",
                )
            )
    return findings

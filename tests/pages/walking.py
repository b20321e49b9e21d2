"""Every page there is behind the links: a bureau in the middle of its year, everybody in it, and the way they go."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from lxml import html
from lxml.html import HtmlElement
from werkzeug.exceptions import HTTPException

from engine.commands import bring_directory_file, bring_execution_file, bring_library_file
from engine.directory import Actor, Unit, directory_file
from engine.executions import execution_file
from engine.indicators import library_file
from engine.store import Database
from engine.words import CaseKind, Role, UnitKind
from tests.factories import person_in
from tests.office import FISCAL_YEAR, Office
from tests.office.office import EXAMPLE
from tests.pages.visitor import Visitor, signed_in

NO_PAGES = re.compile(
    r"^/(lib|logout|diagrams|files|exports|api)\b|\.(csv|xlsx|jsonl|zip)\b|/(content|drawing|download)\b"
)
ONE_OF = ("tab", "view", "kind_of", "step")
"""What in a query string makes another page of the same address."""
ELSEWHERE = (
    Role.BUREAU_LEADER, Role.OBSERVER, Role.POLICY_OWNER, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN,
    Role.OPERATOR,
)  # fmt: skip

_ENTRY = ("示例-9", "新增学位数", "产出指标", "数量指标", "教育", "≥", "个", "当年新增学位数", "")
BROUGHT = (
    (bring_library_file, Role.PERFORMANCE_OFFICE, library_file.HEADER, (_ENTRY, _ENTRY, (*_ENTRY[:7], "", ""))),
    (
        bring_execution_file,
        Role.PERFORMANCE_OFFICE,
        execution_file.HEADER,
        (
            (EXAMPLE, str(FISCAL_YEAR), f"{FISCAL_YEAR}-07-31", "", "54", "", "示例"),
            ("没有的", "2021", "", "", "", "", ""),
        ),
    ),
    (
        bring_directory_file,
        Role.SYSTEM_ADMIN,
        directory_file.HEADER,
        (("示例甲局", "主管部门", "", "", "", ""), ("示例甲局", "", "", "王一", "", "没有的岗位")),
    ),
)
"""Who brings which rows of what: one that is right, and one that is wrong."""


@dataclass(frozen=True)
class Found:
    """A page as somebody found it; `kind` is the pattern of its address, with what makes it another page of it."""

    visitor: Visitor
    kind: str
    address: str
    page: HtmlElement


def bureau_in_its_year(database: Database) -> Office:
    """A project at its target, one to be judged, a department that is through."""
    office = Office.opened(database)
    office.reach(office.open_case(), "target_filing.fill_target")
    office.reach(office.open_case(code="示例-2021-002"), "target_filing.check_target")
    office.finish(office.open_case(CaseKind.WHOLE_DEPARTMENT))
    return office


def somebody_of_every_office(office: Office) -> list[Actor]:
    """Those of the bureau, and one of each office it has nobody in."""
    with office.transactions() as session:
        unit = Unit(jurisdiction=office.bureau.jurisdiction, name="示例各科室", kind=UnitKind.FINANCE)
        session.add(unit)
        session.flush()
        return office.bureau.everybody() + [person_in(session, unit, f"示例{role.label}", role) for role in ELSEWHERE]


def with_files_to_check(office: Office, people: list[Actor]) -> list[Actor]:
    """The same people; those who keep the library and the directory have each brought a file that is not all right."""
    with office.transactions() as session:
        for bring, role, header, rows in BROUGHT:
            by = next(actor for actor in people if role in actor.roles)
            raw = "\n".join(",".join(row) for row in (header, *rows)).encode()
            bring(session, "示例.csv", raw, by=by, at=office.now)
    return people


def walked(app: Flask, people: list[Actor]) -> Iterator[Found]:
    """Every kind of page each of them comes to by following links from the first; refuses one that does not open."""
    for actor in people:
        visitor = signed_in(app, actor)
        met: set[str] = set()
        waiting = ["/"]
        while waiting:
            address = waiting.pop(0)
            kind = _kind(app, address)
            if kind is None or kind in met:
                continue
            met.add(kind)
            answer = visitor.get(address, follow_redirects=True)
            assert answer.status_code == 200, (actor.name, address, answer.status_code)
            page = html.fromstring(answer.text)
            yield Found(visitor, kind, address, page)
            waiting += [link for link in page.xpath("//a/@href") if link.startswith("/") and not NO_PAGES.search(link)]


def pattern(app: Flask, address: str, method: str) -> str | None:
    """The pattern of an address; None where there is nothing."""
    try:
        rule, _ = app.url_map.bind("localhost").match(urlsplit(address).path, method, return_rule=True)
    except HTTPException:
        return None
    return str(rule.rule)


def _kind(app: Flask, address: str) -> str | None:
    known, asked = pattern(app, address, "GET"), parse_qs(urlsplit(address).query)
    return known and f"{known} {' '.join(asked[name][0] for name in ONE_OF if name in asked)}".strip()

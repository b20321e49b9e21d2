"""What everybody reads on every page is Chinese: no name of the machine's own making stands in the text."""

import re
from collections.abc import Iterator
from copy import deepcopy

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from lxml import html
from lxml.html import HtmlElement

from engine.accounts import keys_from
from engine.store import Database
from tests.office import Office
from tests.pages.visitor import signed_in
from tests.pages.walking import bureau_in_its_year, somebody_of_every_office, walked
from web.app import application
from web.visits import Site

OF_THE_MACHINE = re.compile(
    r"""[a-z]+_[a-z]\w*            # names of rows, tables, fields
    |   [a-z]\.[a-z]\w*            # names with a dot
    |   [a-z]@\d                   # versions of methods
    |   [0-9a-f]{8}-[0-9a-f]{4}-   # ids
    |   \b[a-z]{3,}\b              # words of an enumeration
    |   \bNone\b|\bTrue\b|\bFalse\b
    """,
    re.VERBOSE,
)
KINDS_OF_FILES = {"pdf", "docx", "xlsx", "xls", "ofd", "png", "jpg", "csv", "jsonl"}
"""How everybody calls them."""
NOT_READ = "//script | //style | //head | //code"
"""<code> is what an operator types, or a fingerprint or address an auditor compares sign by sign."""
SHOWN = "//@placeholder | //@title | //@aria-label | //input[not(@type) or @type='text']/@value"


@pytest.fixture(scope="module")
def office(shared_database: Database) -> Office:
    return bureau_in_its_year(shared_database)


@pytest.fixture(scope="module")
def app(shared_database: Database, office: Office) -> Flask:
    return application(Site(shared_database, keys_from(Fernet.generate_key().decode()), office.clock, office.clock))


def _names_in(page: HtmlElement) -> Iterator[str]:
    page = deepcopy(page)
    for hidden in page.xpath(NOT_READ):
        hidden.drop_tree()
    for said in (*page.itertext(), *page.xpath(SHOWN)):
        yield from (name for name in OF_THE_MACHINE.findall(said) if name not in KINDS_OF_FILES)


def test_nobody_reads_a_name_of_the_machines_own_making(app: Flask, office: Office) -> None:
    pages = list(walked(app, somebody_of_every_office(office)))

    assert len({page.kind for page in pages}) > 80
    assert sorted({(each.kind, name) for each in pages for name in _names_in(each.page)}) == []


def test_every_decision_table_reads_as_chinese(app: Flask, office: Office) -> None:
    clerk = signed_in(app, office.bureau.clerk)
    links = html.fromstring(clerk.get("/policies/tables").text).xpath("//main//tbody//a/@href")

    found = {(link, name) for link in links for name in _names_in(html.fromstring(clerk.get(link).text))}

    assert len(links) > 10
    assert sorted(found) == []

"""What everybody reads on every page is Chinese: no name of the machine's own making stands in the text."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from lxml import html

from engine.directory import Actor
from tests.browser import test_every_page as every_page
from tests.browser.test_every_page import Found
from tests.pages.visitor import Visitor, signed_in

office, people, app, pages = every_page.office, every_page.people, every_page.app, every_page.pages

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


def _names_in(text: str) -> Iterator[str]:
    page = html.fromstring(text)
    for hidden in page.xpath(NOT_READ):
        hidden.drop_tree()
    for said in (*page.itertext(), *page.xpath(SHOWN)):
        yield from (name for name in OF_THE_MACHINE.findall(said) if name not in KINDS_OF_FILES)


@pytest.fixture(scope="module")
def everybody(app: Flask, people: list[Actor]) -> list[Visitor]:
    return [signed_in(app, actor) for actor in people]


def test_nobody_reads_a_name_of_the_machines_own_making(pages: dict[str, Found], everybody: list[Visitor]) -> None:
    found = {
        (kind, name)
        for kind, page in pages.items()
        for visitor in everybody
        for name in _names_in(visitor.get(page.address, follow_redirects=True).text)
    }

    assert sorted(found) == []


def test_every_decision_table_reads_as_chinese(everybody: list[Visitor]) -> None:
    clerk = everybody[0]
    links = html.fromstring(clerk.get("/policies/tables").text).xpath("//main//tbody//a/@href")

    found = {(link, name) for link in links for name in _names_in(clerk.get(link).text)}

    assert len(links) > 10
    assert sorted(found) == []

"""Names of the machine's own making, found where a reader would stumble over them."""

import re
from collections.abc import Iterator
from copy import deepcopy

from lxml.html import HtmlElement

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


def names_in(page: HtmlElement) -> Iterator[str]:
    """Every name of the machine's own making in what a page shows."""
    page = deepcopy(page)
    for hidden in page.xpath(NOT_READ):
        hidden.drop_tree()
    for said in (*page.itertext(), *page.xpath(SHOWN)):
        yield from (name for name in OF_THE_MACHINE.findall(said) if name not in KINDS_OF_FILES)

"""The summary of a rehearsal written down: as Markdown, and as one page with drawings that needs nothing beside it."""

from collections.abc import Mapping
from typing import Any

from lxml import etree
from lxml.builder import E

from engine.rehearsal.summary import Bars, Heading, Lines, Part, Table, title_of, told

Result = Mapping[str, Any]

WIDE = 100
STYLE = """
body { font: 16px/1.6 system-ui, "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif; color: #1f2328;
  background: #fff; max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-top: 1px solid #d0d7de; padding-top: 1rem; }
.wide { overflow-x: auto; } .wide table { min-width: 36rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #d0d7de; }
th { font-weight: 600; color: #57606a; white-space: nowrap; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
figure { margin: 1rem 0; } figcaption { color: #57606a; }
.bars td, .bars th { border: 0; padding: .15rem .6rem; white-space: normal; }
.bars svg { display: block; width: 100%; min-width: 8rem; height: 1rem; } rect { fill: #2f6f4f; }
@media print { body { padding: 0; } h2 { break-after: avoid; } figure, tr { break-inside: avoid; } }
"""


def as_markdown(result: Result) -> str:
    """The summary as Markdown; what a page draws stands in its tables already."""
    parts = [f"# {title_of(result)}", *(text for part in told(result) if (text := _marked_down(part)))]
    return "\n\n".join(parts) + "\n"


def as_page(result: Result) -> str:
    """The summary as one HTML page."""
    title = title_of(result)
    page = E.html(
        E.head(
            E.meta(charset="utf-8"),
            E.meta(name="viewport", content="width=device-width, initial-scale=1"),
            E.title(title),
            E.style(STYLE),
        ),
        E.body(E.main(E.h1(title), *map(_drawn, told(result)))),
        lang="zh-CN",
    )
    return etree.tostring(page, method="html", encoding="unicode", doctype="<!doctype html>") + "\n"


def _marked_down(part: Part) -> str:
    match part:
        case Heading(text):
            return f"## {text}"
        case Lines(texts, listed):
            return "\n".join(f"- {text}" for text in texts) if listed else "\n\n".join(texts)
        case Table(heads, rows):
            return "\n".join([_row(heads), _row(["---"] * len(heads)), *map(_row, rows)])
        case Bars():
            return ""


def _row(cells: Any) -> str:
    return f"| {' | '.join(cell.replace('|', '｜') for cell in cells)} |"


def _drawn(part: Part) -> etree._Element:
    match part:
        case Heading(text):
            return E.h2(text)
        case Lines(texts, listed):
            return E.ul(*map(E.li, texts)) if listed else E.div(*map(E.p, texts))
        case Table(heads, rows):
            return E.div(_table(heads, rows), {"class": "wide"})
        case Bars(title, counts):
            return _bars(title, counts)


def _table(heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> etree._Element:
    numeric = [bool(rows) and all(_is_number(row[column]) for row in rows) for column in range(len(heads))]
    kinds = [{"class": "number"} if each else {} for each in numeric]
    return E.table(
        E.thead(E.tr(*(E.th(head, kind, scope="col") for head, kind in zip(heads, kinds, strict=True)))),
        E.tbody(*(E.tr(*(E.td(cell, kind) for cell, kind in zip(row, kinds, strict=True))) for row in rows)),
    )


def _is_number(cell: str) -> bool:
    return cell.lstrip("-").replace(".", "", 1).isdigit()


def _bars(title: str, counts: Mapping[str, int]) -> etree._Element:
    """Bars as long as their counts, the numbers beside them."""
    most = max(counts.values(), default=0) or 1
    rows = (
        E.tr(
            E.th(name, scope="row"),
            E.td(
                E.svg(
                    E.rect(width=f"{WIDE * count / most:.2f}", height="16"),
                    {"viewBox": f"0 0 {WIDE} 16", "preserveAspectRatio": "none", "aria-hidden": "true"},
                ),
                style="width: 60%",
            ),
            E.td(str(count), {"class": "number"}),
        )
        for name, count in counts.items()
    )
    return E.figure(E.figcaption(title), E.table(E.tbody(*rows), {"class": "bars"}))

"""What a person's hands do: fill a form in field by field, add rows, tick boxes; nothing a browser could not do."""

from collections.abc import Iterator, Mapping
from typing import Any

from playwright.sync_api import Page


def fill_in(page: Page, content: Mapping[str, Any]) -> None:
    """Type a content into the form on the page, adding the rows it needs, and keep it as a draft."""
    for table, rows in _tables(content):
        _have_rows(page, table, len(rows))
    for name, value in _cells(page, content):
        _type(page, name, value)
    page.get_by_role("button", name="存草稿", exact=True).last.click()


def _tables(content: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, list[Any]]]:
    for name, value in content.items():
        if isinstance(value, Mapping) and name != "explanations":
            yield from _tables(value, f"{path}{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            yield f"{path}{name}", value


def _have_rows(page: Page, table: str, wanted: int) -> None:
    for _ in range(wanted - len(_row_ids(page, table))):
        page.locator(f'button[name="add"][value="{table}"]').click()


def _row_ids(page: Page, table: str) -> list[str]:
    rows = page.locator(f'input[type="hidden"][name^="{table}["][name$="].id"]')
    return [rows.nth(at).input_value() for at in range(rows.count())]


def _cells(page: Page, content: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in content.items():
        if name in ("id", "explanations"):
            continue
        if isinstance(value, Mapping):
            yield from _cells(page, value, f"{path}{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            ids = _row_ids(page, f"{path}{name}")
            for row_id, row in zip(ids, value, strict=False):
                yield from _cells(page, row, f"{path}{name}[{row_id}].")
        else:
            yield f"{path}{name}", value


def _type(page: Page, name: str, value: Any) -> None:
    """What suits the control: text, a choice of a list, a button of several, boxes. What is laid down stays."""
    field = page.locator(f'[name="{name}"]')
    if field.count() == 0:
        return
    for folded in page.locator("details:not([open])").filter(has=field).all():
        folded.locator("summary").click()
    kind = field.last.evaluate("each => each.tagName + (each.type ? '.' + each.type : '')")
    values = [str(each) for each in (value if isinstance(value, list) else [value])]
    words = ["true" if value is True else "false" if value is False else each for each in values]
    if kind == "SELECT.select-one":
        field.select_option(words[0])
    elif kind in ("INPUT.radio", "INPUT.checkbox"):
        for word in words:
            page.locator(f'[name="{name}"][value="{word}"]').check()
    else:
        field.last.fill("\n".join(values))

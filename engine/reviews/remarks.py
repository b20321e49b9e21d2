"""A remark of a reviewer: tied to a place in the form, with a template and words, and what became of it.

As JSON a remark is {"path", "template", "text", "state"}; `path` may be empty when it is about the whole paper.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.errors import InvalidInput
from engine.submissions.forms import form_of
from engine.submissions.forms.layout import layout

MOST_REMARKS = 200
LONGEST_TEXT = 2000
LONGEST_PATH = 200
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\[[^\[\]]{1,40}\])?(\.[A-Za-z_][A-Za-z0-9_]*(\[[^\[\]]{1,40}\])?)*")


class RemarkState(StrEnum):
    """What became of a remark; the value is the word people read."""

    OPEN = "未改"
    CHANGED = "已改"
    EXPLAINED = "已说明"


TEMPLATES = {
    1: "缺计算方法",
    2: "值偏低",
    3: "归类不当",
    4: "缺佐证或调查方法",
    5: "与资金不匹配",
    6: "未体现当年工作",
    7: "过于笼统",
    8: "与其他指标重复",
    9: "其他",
}
"""What reviewers say most often, by the key that chooses it."""


class RemarkRefused(InvalidInput):
    """The remark is about nothing in the form, says nothing, or is longer than any remark; `field` says which."""

    code = "review.remark_refused"


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark; `path` is where in the form it belongs (`indicators[y3].weight`), empty for the whole paper."""

    path: str
    text: str
    template: int | None = None
    state: RemarkState = RemarkState.OPEN

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        return {"path": self.path, "template": self.template, "text": self.text, "state": self.state.value}


def read_remarks(given: Any, stands_in_form: Callable[[str], bool]) -> tuple[Remark, ...]:
    """Remarks out of JSON, in their order; `stands_in_form` says whether a path names something in the form.

    Refuses what is no list, too long a list, a path that leads nowhere, an unknown template, and a remark without
    words; a template alone has its own.
    """
    if given is None:
        return ()
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise RemarkRefused("审核意见应是一条一条的列表，没有保存。请逐条填写。")
    if len(given) > MOST_REMARKS:
        raise RemarkRefused(f"审核意见超过{MOST_REMARKS}条，没有保存。请合并相近的意见。")
    return tuple(_remark(number, one, stands_in_form) for number, one in enumerate(given, start=1))


def places_of(form: str) -> Callable[[str], bool]:
    """Whether a path leads to a cell, a row, a table or a block of that form; which rows there are does not matter.

    >>> stands = places_of("F02")
    >>> stands("indicators[y3].weight"), stands("indicators[y3]"), stands("indicators[y3].colour"), stands("colour")
    (True, True, False, False)
    """
    return layout(form_of(form).schema).has


def stored_remarks(stored: Any) -> tuple[Remark, ...]:
    """Remarks as they lie in a row; what an earlier release stored differently keeps its words."""
    return tuple(_stored(one) for one in stored or ())


def _remark(number: int, given: Any, stands_in_form: Callable[[str], bool]) -> Remark:
    if not isinstance(given, Mapping):
        raise RemarkRefused(f"第{number}条审核意见读不出来，没有保存。请重新填写。", remark=number)
    path, words, template = given.get("path") or "", given.get("text") or "", given.get("template")
    if not isinstance(path, str) or len(path) > LONGEST_PATH or (path and not _PATH.fullmatch(path)):
        raise RemarkRefused(f"第{number}条审核意见指向的位置写法不对，没有保存。请从表格中点选。", remark=number)
    if path and not stands_in_form(path):
        raise RemarkRefused(f"第{number}条审核意见指向表中没有的位置，没有保存。请重新点选。", remark=number, path=path)
    if template is not None and (isinstance(template, bool) or template not in TEMPLATES):
        raise RemarkRefused(f"第{number}条审核意见的模板不在1至9之内，没有保存。请重新选择。", remark=number)
    if not isinstance(words, str) or len(words) > LONGEST_TEXT:
        raise RemarkRefused(f"第{number}条审核意见超过{LONGEST_TEXT}字，没有保存。请精简。", remark=number)
    words = words.strip() or (TEMPLATES[template] if template else "")
    if not words:
        raise RemarkRefused(f"第{number}条审核意见没有写内容，没有保存。请填写或选用模板。", remark=number)
    state = given.get("state", RemarkState.OPEN.value)
    if state not in list(RemarkState):
        raise RemarkRefused(f"第{number}条审核意见的状态应是未改、已改或已说明，没有保存。", remark=number)
    return Remark(path, words, template, RemarkState(state))


def _stored(one: Any) -> Remark:
    if not isinstance(one, Mapping):
        return Remark("", str(one))
    state = one.get("state")
    return Remark(
        path=str(one.get("path") or one.get("field") or ""),
        text=str(one.get("text") or one.get("message") or ""),
        template=one.get("template"),
        state=RemarkState(state) if state in list(RemarkState) else RemarkState.OPEN,
    )

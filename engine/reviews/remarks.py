"""A remark of a reviewer: tied to a place in the form, with a template and words, and what became of it.

As JSON a remark is {"path", "template", "text", "state"}; `path` may be empty when it is about the whole paper. The
unit answers it in its next version: it puts something else in its place, or explains it under `explanations` of the
form, by the same path.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.errors import InvalidInput
from engine.submissions.forms import form_of
from engine.submissions.forms.layout import layout
from engine.submissions.forms.paths import look_up
from engine.texts import is_blank
from engine.words import RemarkState

MOST_REMARKS = 200
LONGEST_TEXT = 2000
LONGEST_PATH = 200
_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\[[^\[\]]{1,40}\])?(\.[A-Za-z_][A-Za-z0-9_]*(\[[^\[\]]{1,40}\])?)*")


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
    state: RemarkState = RemarkState.UNCHANGED

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


def standing(remark: Remark, content: Mapping[str, Any], later: Iterable[Mapping[str, Any]]) -> Remark:
    """The remark on a version with that content, as it stands after the later versions, in their order.

    已改 when one has something else in its place, 已说明 when one explains the place anew; what is about the whole
    paper can only be explained. A state somebody set by hand stays.
    """
    if remark.state is not RemarkState.UNCHANGED:
        return remark
    for version in later:
        if remark.path and look_up(version, remark.path) != look_up(content, remark.path):
            return replace(remark, state=RemarkState.CHANGED)
        if explanation_of(version, remark.path) not in (None, "", explanation_of(content, remark.path)):
            return replace(remark, state=RemarkState.EXPLAINED)
    return remark


def explanation_of(content: Mapping[str, Any], path: str) -> str | None:
    """What the unit says about a place in the form, in words; under "" about the whole paper."""
    explanation: str | None = content.get("explanations", {}).get(path)
    return explanation


_PARTS = frozenset({"path", "template", "text", "state"})


def _remark(number: int, given: Any, stands_in_form: Callable[[str], bool]) -> Remark:
    if not isinstance(given, Mapping) or not _PARTS.issuperset(given):
        raise RemarkRefused(f"第{number}条审核意见读不出来，没有保存。请重新填写。", remark=number)
    path = _path(number, _filled(given, "path"), stands_in_form)
    template = _template(number, given.get("template"))
    words = _words(number, _filled(given, "text"), template)
    state = given.get("state", RemarkState.UNCHANGED.value)
    if not isinstance(state, str) or state not in list(RemarkState):
        raise RemarkRefused(f"第{number}条审核意见的状态应是未改、已改或已说明，没有保存。请重新选择。", remark=number)
    return Remark(path, words, template, RemarkState(state))


def _filled(given: Mapping[str, Any], part: str) -> Any:
    value = given.get(part)
    return "" if value is None else value


def _path(number: int, path: Any, stands_in_form: Callable[[str], bool]) -> str:
    if not isinstance(path, str) or len(path) > LONGEST_PATH or (path and not _PATH.fullmatch(path)):
        raise RemarkRefused(f"第{number}条审核意见指向的位置写法不对，没有保存。请从表格中点选。", remark=number)
    if path and not stands_in_form(path):
        raise RemarkRefused(f"第{number}条审核意见指向表中没有的位置，没有保存。请重新点选。", remark=number, path=path)
    return path


def _template(number: int, template: Any) -> int | None:
    if template is not None and (type(template) is not int or template not in TEMPLATES):
        raise RemarkRefused(f"第{number}条审核意见的模板不在1至9之内，没有保存。请重新选择。", remark=number)
    return template


def _words(number: int, words: Any, template: int | None) -> str:
    if not isinstance(words, str):
        raise RemarkRefused(f"第{number}条审核意见的内容应是文字，没有保存。请重新填写。", remark=number)
    if len(words) > LONGEST_TEXT:
        raise RemarkRefused(f"第{number}条审核意见超过{LONGEST_TEXT}字，没有保存。请精简。", remark=number)
    words = (TEMPLATES[template] if template else "") if is_blank(words) else words.strip()
    if not words:
        raise RemarkRefused(f"第{number}条审核意见没有写内容，没有保存。请填写或选用模板。", remark=number)
    return str(words)


def _stored(one: Any) -> Remark:
    if not isinstance(one, Mapping):
        return Remark("", str(one))
    state = one.get("state")
    return Remark(
        path=str(one.get("path") or one.get("field") or ""),
        text=str(one.get("text") or one.get("message") or ""),
        template=one.get("template"),
        state=RemarkState(state) if state in list(RemarkState) else RemarkState.UNCHANGED,
    )

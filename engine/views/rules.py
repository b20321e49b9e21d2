"""What can be a saved view. No session, no clock."""

from collections.abc import Collection, Mapping

from engine.errors import InvalidInput
from engine.texts import is_blank
from engine.words import Role

ASKED: Mapping[str, frozenset[str]] = {"tasks": frozenset({"view", "stage", "due", "status", "unit", "q"})}
"""List → the filters of its address a view may keep."""
FIXED = "默认"
MOST_VIEWS = 50
LONGEST_NAME = 30
LONGEST_VALUE = 100


class ViewRefused(InvalidInput):
    """A name nobody could read, a list or a filter that is not known, or one view too many."""

    code = "view.refused"


def must_be_a_view(page: str, name: str, asked: Mapping[str, str], shared_with: Collection[str]) -> None:
    """Refuse what is no view of a list of ours."""
    if is_blank(name) or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise ViewRefused(f"视图名称应是1至{LONGEST_NAME}个看得见的字，没有保存。请重新填写。", length=len(name))
    if name == FIXED:
        raise ViewRefused("“默认”是固定的视图，不能改，没有保存。请换一个名称。")
    if page not in ASKED or not ASKED[page].issuperset(asked):
        raise ViewRefused("这个列表没有这样的条件，没有保存。请在列表上重新筛选后再存。", asked=sorted(asked))
    if any(not isinstance(value, str) or not 0 < len(value) <= LONGEST_VALUE for value in asked.values()):
        raise ViewRefused("筛选条件过长，没有保存。请缩短关键字后再存。")
    if not set(shared_with) <= set(Role):
        raise ViewRefused("没有这个身份，没有保存。请重新选择共享给谁。", shared_with=sorted(map(str, shared_with)))

"""The dated indicator trees: which first and second levels a target form has, and what they weigh.

Before 2021 成本 stood under 产出; since 财预〔2021〕101号 it is a first level of its own, with a year of transition.
What a jurisdiction lays down itself stands in its pack and comes first.
"""

from collections.abc import Mapping
from functools import cache

from engine.policies.form_templates import Tree, Weighting, read_tree
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.templates import template

__all__ = ["Tree", "Weighting", "template_named", "titles_for", "tree_for", "trees"]


@cache
def trees() -> Mapping[str, Tree]:
    """All national templates by id, in the order of the file."""
    return {tree.id: tree for tree in map(read_tree, template("indicator_trees")["tree"])}


def titles_for(*object_kinds: str) -> tuple[tuple[str, str], ...]:
    """The templates for these objects as a form offers them: id and title."""
    return tuple((tree.id, tree.title) for tree in trees().values() if set(tree.object_kinds) & set(object_kinds))


def tree_for(context: FormContext, tree_id: str | None = None) -> Tree:
    """The jurisdiction's own template, else the one a form names, else the newest for its object and year.

    Of two as new it is the first.
    """
    own = [tree for tree in context.form_templates if tree.is_for(context.object_kind, context.fiscal_year)]
    named = trees().get(tree_id or "")
    if named is not None and not own:
        return named
    fitting = [tree for tree in trees().values() if tree.is_for(context.object_kind, context.fiscal_year)]
    of_kind = [tree for tree in trees().values() if context.object_kind in tree.object_kinds]
    candidates = own or fitting or of_kind or list(trees().values())
    newest = max(tree.from_year for tree in candidates)
    return next(tree for tree in candidates if tree.from_year == newest)


def template_named(context: FormContext) -> str | None:
    """What a form handed out says of its template; nothing where the jurisdiction has its own."""
    tree = tree_for(context)
    return tree.id if tree.id in trees() else None

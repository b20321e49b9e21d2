"""What can be named on the command line, in both scripts; help and completion list it."""

import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

import click
from click.shell_completion import CompletionItem

from web.settings import Settings


class Named(click.ParamType):
    """A word out of a list; the command that takes it looks it up, and refuses one it does not know."""

    titled = ""

    def titles(self) -> Mapping[str, str]:
        """The identifiers and Chinese names there are."""
        raise NotImplementedError

    def listing(self) -> list[tuple[str, str]]:
        """The same for a page of help; empty when they cannot be read."""
        with suppress(Exception):
            return list(self.titles().items())
        return []

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """What can be filled in."""
        lines = "\n".join(f"  {name}（{title}）" for name, title in self.listing())
        return f"可以写：\n{lines}" if lines else ""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Those that begin so, in the script in which somebody began to write."""
        return [
            CompletionItem(name if name.startswith(incomplete) else title, help=title)
            for name, title in self.listing()
            if name.startswith(incomplete) or title.startswith(incomplete)
        ]


class Jurisdiction(Named):
    """huaxi, 花溪区 or 花溪."""

    name = "jurisdiction"
    titled = "地区"

    def titles(self) -> Mapping[str, str]:
        """By the packs there are; no table is read for that."""
        packs = sorted((Settings.from_environment().bpmn / "policies").glob("*/pack.toml"))
        return dict(_of(tomllib.loads(pack.read_text(encoding="utf-8")) for pack in packs))


class DecisionName(Named):
    """grade or 评价等级."""

    name = "decision"
    titled = "判定"

    def titles(self) -> Mapping[str, str]:
        """All decisions there are."""
        from engine.policies import DECISIONS

        return {name: signature.title for name, signature in DECISIONS.items()}


class Facts(click.ParamType):
    """The inputs of a decision, as JSON."""

    name = "json"

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """What the decision named before it asks."""
        from engine.policies import DECISIONS, named
        from web.answers import inputs_words

        titles = {name: signature.title for name, signature in DECISIONS.items()}
        decision = named(str((ctx.params if ctx else {}).get("decision") or ""), titles)
        if decision is None:
            return ""
        return f"“{titles[decision]}”要这些输入：\n{inputs_words(DECISIONS[decision])}"


def _of(packs: Iterable[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for pack in packs:
        yield str(pack["name"]), str(pack["title"])

"""What was mistyped on the command line, in Chinese: the kinds of values taken, and every misuse as a refusal."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from engine.errors import InvalidInput


class Misuse(InvalidInput):
    """The command itself is misspelt. A `page`, if any, is what a person is shown instead."""

    code = "usage.misuse"
    page = ""


class Missing(Misuse):
    """An argument, an option or the command is missing."""

    code = "usage.missing"


class UnknownOption(Misuse):
    """There is no such option."""

    code = "usage.unknown_option"


class UnknownCommand(Misuse):
    """There is no such command."""

    code = "usage.unknown_command"


class OptionValue(Misuse):
    """An option lacks its value, or has one and takes none."""

    code = "usage.option_value"


class BadValue(Misuse):
    """A value that is not of the kind wanted."""

    code = "usage.bad_value"


class TooManyWords(Misuse):
    """More words than the command takes."""

    code = "usage.too_much"


class TooMuch(click.UsageError):
    """More words than the command takes."""

    def __init__(self, words: list[str], ctx: click.Context) -> None:
        super().__init__(" ".join(words), ctx)
        self.words = words


class Whole(click.ParamType):
    """A whole number from `least` to `most`."""

    name = "whole"

    def __init__(self, least: int | None = None, most: int | None = None) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; refuses anything but ASCII digits."""
        if isinstance(value, int):
            return value
        if not re.fullmatch(r"-?[0-9]{1,18}", value, re.ASCII):
            self.fail(f"“{value}”不是整数，应写阿拉伯数字", param, ctx)
        number = int(value)
        if (self.least is not None and number < self.least) or (self.most is not None and number > self.most):
            self.fail(f"{number} 不在范围内，应是 {self.range()}", param, ctx)
        return number

    def range(self) -> str:
        """From where to where, in words; empty without bounds."""
        return f"{self.least} 至 {self.most} 的整数" if self.least is not None and self.most is not None else ""


class Day(click.ParamType):
    """A day, written 2021-07-20."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day; refuses other ways of writing it, and days no calendar has."""
        if isinstance(value, date):
            return value
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
            self.fail(f"“{value}”不是日期，应写成 2021-07-20 的样子", param, ctx)
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"没有“{value}”这一天", param, ctx)


class Place(click.ParamType):
    """A path; whether anything is there is for the command to see."""

    name = "place"

    def __init__(self, *, folder: bool = False) -> None:
        self.folder = folder

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path; refuses an empty one, which would mean the folder one is in."""
        if not str(value).strip():
            self.fail("路径是空的", param, ctx)
        return Path(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Whatever files or folders there are."""
        return [CompletionItem(incomplete, type="dir" if self.folder else "file")]


class OneOf(click.ParamType):
    """One of a few words."""

    name = "one_of"

    def __init__(self, *words: str) -> None:
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word; refuses others."""
        if value not in self.words:
            self.fail(f"“{value}”不在可写的范围内，应是 {'、'.join(self.words)} 之一", param, ctx)
        return str(value)

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """What can be filled in."""
        return f"可以写：{'、'.join(self.words)}。"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Those that begin so."""
        return [CompletionItem(word) for word in self.words if word.startswith(incomplete)]


def misuse_of(fault: click.ClickException) -> Misuse:
    """Any fault of click's as a refusal in Chinese; none of its own words are passed on."""
    ctx = fault.ctx if isinstance(fault, click.UsageError) else None
    kind, said, facts = _said(fault, ctx)
    see = f"请看 {ctx.command_path} --help 的说明。" if ctx else "请看 jixiao --help 的说明。"
    misuse = kind(f"{said}{see}", **({"command": ctx.command_path} if ctx else {}), **facts)
    if isinstance(fault, click.exceptions.NoArgsIsHelpError):
        misuse.page = fault.message
    return misuse


def _said(fault: click.ClickException, ctx: click.Context | None) -> tuple[type[Misuse], str, dict[str, Any]]:
    match fault:
        case click.MissingParameter():
            more = fault.param.type.get_missing_message(param=fault.param, ctx=ctx) if fault.param else None
            said = f"缺少{_label(fault.param)}。"
            return Missing, f"{said}{_own_line(more or '')}", {"parameter": _name(fault.param)}
        case click.NoSuchOption():
            near = f"是不是想写 {'、'.join(fault.possibilities)}？" if fault.possibilities else ""
            said = f"没有 {fault.option_name} 这个选项。{near}"
            return UnknownOption, said, {"nearest": fault.possibilities or []}
        case click.NoSuchCommand():
            known = list(ctx.command.commands) if ctx and isinstance(ctx.command, click.Group) else []
            near = f"是不是想写 {'、'.join(fault.possibilities)}？" if fault.possibilities else ""
            said = f"没有“{fault.command_name}”这个命令。{near}可用的命令：{'、'.join(known)}。"
            return UnknownCommand, said, {"nearest": fault.possibilities or [], "known": known}
        case click.BadOptionUsage():
            what = "后面不带值" if _is_flag(fault.option_name, ctx) else "后面要写一个值"
            return OptionValue, f"选项 {fault.option_name} {what}。", {"parameter": fault.option_name}
        case click.BadParameter():
            return BadValue, f"{_label(fault.param)}：{fault.message}。", {"parameter": _name(fault.param)}
        case TooMuch():
            return TooManyWords, f"多写了“{' '.join(fault.words)}”；含空格的内容请加引号。", {"words": fault.words}
        case _ if ctx and isinstance(ctx.command, click.Group):
            known = list(ctx.command.commands)
            return Missing, f"没有写命令。可用的命令：{'、'.join(known)}。", {"known": known}
    return Misuse, "命令写得不对。", {}


def _own_line(text: str) -> str:
    return f"{text}\n" if "\n" in text else text


def _label(param: click.Parameter | None) -> str:
    kind = "参数" if isinstance(param, click.Argument) else "选项 "
    return f"{kind}“{_name(param)}”" if isinstance(param, click.Argument) else f"{kind}{_name(param)}"


def _name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Argument):
        return param.human_readable_name
    return max(param.opts, key=len) if param else ""


def _is_flag(name: str, ctx: click.Context | None) -> bool:
    params = ctx.command.get_params(ctx) if ctx else []
    return any(isinstance(param, click.Option) and param.is_flag and name in param.opts for param in params)

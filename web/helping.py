"""A page of help in Chinese: how a command is written, its arguments, options and commands, and what can be named."""

import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from inspect import cleandoc

import click

from web.names import Named
from web.usage import Whole

NARROWEST, WIDEST, INDENT, FIRST_COLUMN = 50, 100, 2, 34
Rows = Sequence[tuple[str, str]]


def page_of(command: click.Command, ctx: click.Context) -> str:
    """The whole page, wrapped to the terminal; Chinese characters count as two columns."""
    usage = f"用法：{' '.join([ctx.command_path, *command.collect_usage_pieces(ctx)])}"
    params = command.get_params(ctx)
    arguments = [param for param in params if isinstance(param, click.Argument)]
    options = [param for param in params if isinstance(param, click.Option) and not param.hidden]
    sections = [
        ("参数", [(param.make_metavar(ctx), param.help or "") for param in arguments]),
        ("选项", [(param.get_help_spec(ctx), _help_of(param, ctx)) for param in options]),
        ("命令", _commands(command, ctx)),
        *((f"可写的{param.type.titled}", param.type.listing()) for param in params if isinstance(param.type, Named)),
    ]
    parts = [usage, *_texts(command.help), *(_section(*section) for section in sections if section[1])]
    return "\n\n".join([*parts, *_texts(command.epilog)])


def _commands(command: click.Command, ctx: click.Context) -> Rows:
    if not isinstance(command, click.Group):
        return []
    return [(name, cleandoc(each.help or "").split("\n")[0]) for name, each in command.commands.items()]


def _help_of(param: click.Option, ctx: click.Context) -> str:
    kind = param.type
    more = [
        "必填" if param.required else "",
        f"默认 {param.get_default(ctx)}" if param.show_default else "",
        kind.range() if isinstance(kind, Whole) else "",
    ]
    told = "，".join(word for word in more if word)
    return f"{param.help or ''}{f'（{told}）' if told else ''}"


def _texts(text: str | None) -> Iterator[str]:
    """Paragraphs; lines that begin with a blank stay as they are."""
    for paragraph in cleandoc(text or "").split("\n\n"):
        if paragraph:
            yield "\n".join(
                f"  {line}" for each in paragraph.splitlines() for line in _wrapped(each, _width() - INDENT)
            )


def _section(title: str, rows: Rows) -> str:
    column = min(max(_columns(first) for first, _ in rows), FIRST_COLUMN)
    lines = [f"{title}："]
    for first, second in rows:
        room = max(_width() - column - 2 * INDENT, 20)
        wrapped = list(_wrapped(second, room)) or [""]
        if _columns(first) > column:
            lines.append(f"  {first}")
            first = ""
        lines.append(f"  {first}{' ' * (column - _columns(first) + INDENT)}{wrapped[0]}".rstrip())
        lines += [" " * (column + 2 * INDENT) + line for line in wrapped[1:]]
    return "\n".join(lines)


def _wrapped(text: str, width: int) -> Iterator[str]:
    """The text in lines of that many columns; broken between words, and anywhere in Chinese but before its stops."""
    line = ""
    for piece in _pieces(text):
        if line and _columns(line + piece.rstrip()) > width:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    if line:
        yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """The smallest pieces no line break may fall into."""
    piece = ""
    for sign, following in zip(text, [*text[1:], " "], strict=True):
        piece += sign
        breakable = sign == " " or _is_wide(sign) or _is_wide(following)
        if breakable and following not in "，。；：、？！）”〕》" and sign not in "（“〔《":
            yield piece
            piece = ""
    if piece:
        yield piece


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"


def _columns(text: Iterable[str]) -> int:
    return sum(2 if _is_wide(sign) or sign in "“”" else 1 for sign in text)


def _width() -> int:
    return min(max(shutil.get_terminal_size().columns, NARROWEST), WIDEST)

"""`jixiao` as a program: the one place where answers, refusals, misuse and accidents become sentences or JSON.

With `--json`, wherever it stands, exactly one JSON document goes to standard output; sentences of refusal go to
standard error. Exit 0: done. 1: refused, or found wrong. 2: misspelt. 70: not foreseen. 130: interrupted.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, is_dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.shell_completion import shell_complete

from engine.errors import EngineError
from web.helping import page_of
from web.usage import Misuse, TooMuch, misuse_of

if TYPE_CHECKING:
    from web.failures import Accident

PROGRAM, COMPLETING = "jixiao", "_JIXIAO_COMPLETE"
DONE, REFUSED, MISSPELT, UNFORESEEN, INTERRUPTED, READER_GONE = 0, 1, 2, 70, 130, 141
EXIT_CODES = "退出码：0 办成；1 被拒绝，或查出问题；2 命令写错；70 意料之外的错（带编号）；130 被中断。"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found: a document for machines, the same in words, and whether all is well."""

    document: Any
    words: str
    fine: bool = True


class Shown(Exception):  # noqa: N818 - no error
    """Something to show instead of running the command: a page of help, the version."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def _show_help(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        page = page_of(ctx.command, ctx)
        raise Shown(Answer({"help": page}, page))


HELP = click.Option(
    ["-h", "--help", "help_"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_help,
    help="显示这页说明。",
)
AS_JSON = click.Option(["--json", "json_"], is_flag=True, expose_value=False, help="标准输出只有一份 JSON 文档。")


class Command(click.Command):
    """A command that returns an `Answer`; its help is in Chinese, and it takes `--json`."""

    def __init__(self, *given: Any, **how: Any) -> None:
        super().__init__(*given, options_metavar="[选项]", **how)
        self.params.append(AS_JSON)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, in our words."""
        return HELP

    def get_help(self, ctx: click.Context) -> str:
        """The page of help."""
        return page_of(self, ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuses more words than there are arguments, naming them."""
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as fault:  # the parser does not say of which command
            fault.ctx = fault.ctx or ctx
            raise
        if rest and not ctx.resilient_parsing:
            raise TooMuch(rest, ctx)
        return rest


class Group(click.Group):
    """Commands below one word."""

    command_class = Command

    def __init__(self, *given: Any, **how: Any) -> None:
        super().__init__(*given, options_metavar="[选项]", subcommand_metavar="命令 …", **how)
        self.params.append(AS_JSON)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, in our words."""
        return HELP

    def get_help(self, ctx: click.Context) -> str:
        """The page of help."""
        return page_of(self, ctx)


class Program(Group):
    """The whole program; called by the shell, and by tests in the same way."""

    group_class = Group

    def main(self, args: Sequence[str] | None = None, *given: Any, **how: Any) -> NoReturn:
        """Run what these words (or those of the process) ask for, and end with the exit code."""
        words = list(sys.argv[1:] if args is None else args)
        completing = os.environ.get(COMPLETING)
        if completing:
            sys.exit(shell_complete(self, {}, PROGRAM, COMPLETING, completing))
        sys.exit(outcome(lambda: self._run(words), words))

    def _run(self, words: list[str]) -> Answer:
        with self.make_context(PROGRAM, list(words)) as ctx:
            answer: Answer = self.invoke(ctx)
            return answer


def outcome(work: Callable[[], Answer], words: Sequence[str]) -> int:
    """Do the work and tell what came of it; gives the exit code. Nothing but SystemExit gets past here."""
    as_json = "--json" in words
    try:
        return _told(work, words, as_json)
    except BrokenPipeError:
        _nobody_reads()
        return READER_GONE
    except (KeyboardInterrupt, click.Abort):
        from web.failures import Accident

        _refuse(Accident("interrupted", "已中断，没有办完。需要时请再运行一次同样的命令。"), as_json)
        return INTERRUPTED


def _told(work: Callable[[], Answer], words: Sequence[str], as_json: bool) -> int:
    try:
        answer = _answer(work)
    except (BrokenPipeError, click.Abort):
        raise
    except Exception as fault:  # noqa: BLE001 - the last place where anything can be caught
        refusal = _refusal(fault, words)
        _refuse(refusal, as_json)
        return MISSPELT if isinstance(refusal, Misuse) else REFUSED if isinstance(refusal, EngineError) else UNFORESEEN
    try:
        click.echo(_document(answer.document, indent=2) if as_json else answer.words)
    except BrokenPipeError:
        raise
    except OSError as fault:
        from engine.files import why_not

        _say(f"办完了，但结果写不到标准输出：{why_not(fault)[0].removeprefix('所在的')}。{why_not(fault)[1]}")
        _nobody_reads()
        return REFUSED
    return DONE if answer.fine else REFUSED


def _answer(work: Callable[[], Answer]) -> Answer:
    try:
        return work()
    except Shown as shown:
        return shown.answer
    except click.ClickException as fault:
        raise misuse_of(fault) from fault


def _refusal(fault: Exception, words: Sequence[str]) -> "EngineError | Accident":
    """What to tell: a refusal as it is, in words what the database did to us, of everything else a number."""
    from engine.store.storable import DatabaseAway
    from web.failures import refusal_behind, unforeseen

    if isinstance(fault, EngineError) and not isinstance(fault, DatabaseAway):
        return fault
    return refusal_behind(fault) or unforeseen(fault, words)


def _refuse(refusal: "EngineError | Accident", as_json: bool) -> None:
    if as_json:
        facts = {name: value for name, value in refusal.facts.items() if name not in ("code", "message")}
        with suppress(OSError):
            click.echo(_document({"error": {"code": refusal.code, "message": refusal.message, **facts}}))
    page = refusal.page if isinstance(refusal, Misuse) and not as_json else ""
    _say(page or refusal.message)


def _say(sentence: str) -> None:
    with suppress(OSError):
        click.echo(sentence.encode("utf-8", "replace").decode(), err=True)


def _document(value: Any, indent: int | None = None) -> bytes:
    """JSON in UTF-8, whatever the terminal speaks; halves of characters become question marks."""
    return json.dumps(value, ensure_ascii=False, indent=indent, default=_plain).encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def _nobody_reads() -> None:
    """What is still in the buffer of standard output goes nowhere, instead of complaining at the very end."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

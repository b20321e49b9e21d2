"""The report of a run, in the words of who has to answer for it."""

from dataclasses import dataclass

from tools.chaos.checker import Findings
from tools.chaos.programs import CHUNK, LEASE_SECONDS, PAUSE
from tools.chaos.storm import FULL_SECONDS, Blow, Storm


@dataclass(frozen=True, slots=True)
class Run:
    """When and where; `fired_meanwhile` days took effect before it was left in peace."""

    at: str
    machine: str
    workers: int
    seed: int
    fired_meanwhile: int
    seconds: int
    own_disk: bool


def in_words(run: Run, storm: Storm, found: Findings) -> str:
    """What was done, what came of it, what was not tried."""
    good = "全部期限恰好触发一次，没有丢失、重复、提前或凭空出现的。"
    lines = [
        "风波试验报告",
        f"{run.at}（北京时间），用时 {run.seconds} 秒。{run.machine}。",
        f"后台进程 {run.workers} 个，网页进程 2 个，随机种子 {run.seed}。",
        "",
        "一、试了什么",
        *(f"  {line}" for line in _done(run, storm)),
        "",
        "二、结果",
        *(f"  {'✓' if good else '✕'} {line}" for good, line in _checked(found)),
        *(f"  ✕ {fault}" for fault in (*found.pages, *found.faults)),
        "",
        "三、结论",
        f"  {good if found.is_sound else '有丢失、重复或不一致，见上面的 ✕。'}",
        "",
        "四、说明",
        *(f"  {line}" for line in _remarks(run)),
        "",
        "试验人：              复核人：              日期：",
    ]  # fmt: skip
    return "\n".join(lines)


def _done(run: Run, storm: Storm) -> list[str]:
    blows = storm.blows
    disk = f"数据库的磁盘写满 {blows[Blow.DISK]} 次，每次 {FULL_SECONDS:.0f} 秒。" if run.own_disk else ""
    return [
        f"随机杀后台进程（kill -9）{blows[Blow.KILL]} 次，杀网页进程 {blows[Blow.PAGES]} 次（整个或其中一个）。",
        f"数据库突然停机（不收尾，像断电）{blows[Blow.CRASH]} 次，共停 {storm.away_seconds:.1f} 秒。",
        f"时钟跳变 {blows[Blow.CLOCK]} 次：后台进程的快或慢几小时到三天，网页的几分钟。",
        *([disk] if disk else []),
        f"后台进程、网页自行退出 {storm.ended_by_themselves} 次，由管理服务的程序重新开。",
        f"其间触发期限 {run.fired_meanwhile} 个，其余在风波过后触发。",
    ]


def _checked(found: Findings) -> list[tuple[bool, str]]:
    days = f"丢失 {found.lost}，重复 {found.doubled}，提前 {found.early}"
    cases = "已过期限的每一份经过、待办都相同" if not found.faults else "有不一致"
    pages = "都在，都只报送一次" if not found.pages else "有对不上的"
    notices = f"漏 {found.notices_missing}，没有来由的 {found.notices_invented}"
    mails = f"没有收到 {found.mails_missing}，没有来由的 {found.mails_invented}"
    twice = f"多收到 {found.mails_twice} 封（发信的被杀，来不及记下，容许）"
    return [
        (
            not (found.lost or found.doubled or found.early),
            f"期限：{found.cases} 份案卷，触发 {found.fired} 个；{days}。",
        ),
        (not found.faults, f"案卷：{cases}；审计记录 {found.entries} 条，已逐条核对。"),
        (not found.pages, f"网页：说已存的草稿 {found.saved} 份、说已报送的 {found.handed_in} 份，{pages}。"),
        (not (found.notices_missing or found.notices_invented), f"通知：{found.notices} 条；{notices}。"),
        (not (found.mails_missing or found.mails_invented), f"邮件：该发 {found.mails} 封；{mails}；{twice}。"),
    ]


def _remarks(run: Run) -> list[str]:
    disk = "数据库放在内存盘上，好写满它" if run.own_disk else "没有试磁盘写满：只有 Linux 的 root 能挂一个小文件系统"
    return [
        f"为了让杀落在办理途中，每笔事务只办 {CHUNK} 份案卷，办完停 {PAUSE} 秒；",
        f"发信的被杀，{LEASE_SECONDS} 秒后由别人接着发（平常 10 分钟）。",
        f"其他与 jixiao worker、jixiao serve 相同。{disk}。",
        "没有试：网络中断、机器断电、磁盘损坏、数据库自己的时钟跳变、主备切换。",
    ]

"""What `jixiao doctor` looks for on this machine: definitions, disks, fonts, clock, versions, limits."""

import locale
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine.audit.keeping import FileKeeper
from engine.clock import day_of
from engine.deadlines.checking import deadlines_must_be_sound
from engine.notifications.mail import NotTaken
from engine.packed import megabytes
from engine.stages import Library
from engine.store.children import ran
from engine.store.embedded import DEFAULT_FOLDER
from engine.store.premises import premises_for
from engine.submissions.attachments import LIMITS
from engine.words import RowStatus, Scan
from web.failures import log_folder
from web.probing import Finding, fault, fine, warning, worst
from web.settings import Settings
from web.versions import versions
from web.wiring import calendar_files, scanner_of
from web.worker.posting import mail_server_of

GB = 1024**3
LITTLE, NEARLY_NONE = 1 * GB, GB // 10
FEW_FILES = 1024
OLD_SIGNATURES_DAYS = 7
LATE_ANCHOR_DAYS = 2
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "/Library/Fonts")
FONT_NAMES = ("*CJK*", "*wqy*", "*WenQuan*", "*simsun*", "*SimSun*", "*simhei*", "*msyh*", "*fangsong*", "*PingFang*")


def _calendar(settings: Settings, now: datetime) -> Finding:
    years = [year.year for year in calendar_files(settings.bpmn).years if year.confirmed]
    this = day_of(now).year
    if this not in years:
        return fault(f"{this} 年放假安排还没有确认，当年的截止日算不出来", "请维护工作日历。")
    covered = f"已确认 {years[0]}–{years[-1]} 年"
    if this + 1 not in years:
        return warning(f"{covered}，{this + 1} 年尚未确认", "国务院通知发布后请及时维护。")
    return fine(covered)


def _definitions(settings: Settings, now: datetime) -> Finding:
    library = Library.read(settings.bpmn)
    deadlines_must_be_sound(library)
    return fine(f"{len(library.diagrams.process_ids)} 张流程图、{len(library.policies.names())} 个地区的决策表都可用")


def _packs(settings: Settings, now: datetime) -> Finding:
    policies = Library.read(settings.bpmn).policies
    rows = {
        (table.file, row.id): row.status
        for name in policies.names()
        for table in policies.of(name).tables.values()
        for row in table.rows
    }
    counts = Counter(rows.values())
    told = "，".join(f"{RowStatus.said(status)} {counts[status]} 行" for status in sorted(counts))
    return fine(f"{'、'.join(policies.titles().values())}；规则共 {len(rows)} 行：{told}")


def _disks(settings: Settings, now: datetime) -> Finding:
    folders = {"附件": settings.files, "临时文件": Path(tempfile.gettempdir()), "日志": log_folder()}
    if settings.database_url is None:
        folders = {"内置数据库": premises_for(DEFAULT_FOLDER, throwaway=False).home} | folders
    return worst(_disk(what, folder) for what, folder in folders.items())


def _disk(what: str, folder: Path) -> Finding:
    nearest = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    free = shutil.disk_usage(nearest).free
    words = f"{what} {folder} 剩 {free / GB:.1f} GB"
    if free < NEARLY_NONE:
        return fault(words, f"{what}的磁盘快满了，请尽快腾出空间。")
    if not os.access(nearest, os.W_OK | os.X_OK) and what != "内置数据库":
        return fault(f"{words}，没有写入的权限", f"请给运行本程序的账号写“{nearest}”的权限。")
    return warning(words, f"{what}的磁盘空间不多，请留意。") if free < LITTLE else fine(words)


def _fonts(settings: Settings, now: datetime) -> Finding:
    font = next(_chinese_fonts(), None)
    if font is None:
        return warning("没有中文字体，生成的文档会缺字", "请安装 Debian 软件包：apt install fonts-noto-cjk。")
    return fine(f"有中文字体，例如 {font}")


def _chinese_fonts() -> Iterator[str]:
    program = shutil.which("fc-list")
    if program:
        with suppress(OSError, subprocess.SubprocessError):
            told = ran([program, ":lang=zh", "family"], timeout=20).stdout
            yield from (line.split(",")[0].strip() for line in told.splitlines() if line.strip())
    for folder in map(Path, map(os.path.expanduser, FONT_FOLDERS)):
        for pattern in FONT_NAMES if folder.is_dir() else ():
            yield from (path.stem for path in sorted(folder.rglob(pattern)) if path.is_file())


def _clock(settings: Settings, now: datetime) -> Finding:
    try:
        beijing = now.astimezone(ZoneInfo("Asia/Shanghai"))
    except ZoneInfoNotFoundError:
        return fault("系统没有时区资料，北京时间算不出来", "请安装 Debian 软件包：apt install tzdata。")
    return fine(f"北京时间 {beijing:%Y-%m-%d %H:%M}；本机时区 {time.tzname[0]}，期限一律按北京时间算")


def _software(settings: Settings, now: datetime) -> Finding:
    found = versions()
    libraries = "、".join(f"{name} {number or '没有'}" for name, number in found["libraries"].items())
    words = f"jixiao {found['version']}，Python {found['python']}；{libraries}"
    if not all(found["libraries"].values()):
        return fault(words, "请运行 make setup。")
    return fine(words)


def _limits(settings: Settings, now: datetime) -> Finding:
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    size, _ = resource.getrlimit(resource.RLIMIT_FSIZE)
    words = f"可同时打开 {files} 个文件"
    if size != resource.RLIM_INFINITY:
        return warning(f"{words}，单个文件最多 {size} 字节", "请放宽 ulimit -f，否则大文件写不出来。")
    return warning(words, f"请放宽到 {FEW_FILES} 以上（ulimit -n）。") if files < FEW_FILES else fine(words)


def _language(settings: Settings, now: datetime) -> Finding:
    encoding = locale.getpreferredencoding(False) if not sys.flags.utf8_mode else "UTF-8"
    if encoding.upper().replace("-", "") != "UTF8":
        return warning(f"终端编码是 {encoding}，汉字可能显示不全", "请设 LANG=C.UTF-8 或 zh_CN.UTF-8。")
    return fine(f"终端编码 {encoding}")


def _scanner(settings: Settings, now: datetime) -> Finding:
    scanner = scanner_of(settings)
    if scanner is None:
        return warning("没有设查毒服务，附件写“未查毒”", "请装 ClamAV，用 JIXIAO_CLAMD 指给本程序（docs/serving.md）。")
    greeting = scanner.greet()
    said = scanner.judge(BytesIO(bytes(LIMITS.size_bytes))).scan if greeting else Scan.SILENT
    if greeting is None or said is Scan.SILENT:
        return fault(f"{scanner.address} 没有应答，附件照收，不查毒", "请启动 clamd，核对 JIXIAO_CLAMD 和它的权限。")
    signed = f"（{greeting.signed_on:%Y-%m-%d}）" if greeting.signed_on else ""
    words = f"{greeting.program}，病毒库 {greeting.signatures or '版本不明'}{signed}"
    if said is Scan.TOO_LARGE:
        words = f"{words}，{megabytes(LIMITS.size_bytes)} 的附件超过它的上限"
        return warning(words, "请在 clamd.conf 里把 StreamMaxLength、MaxFileSize 放宽到 60M。")
    if greeting.signed_on and (day_of(now) - greeting.signed_on).days > OLD_SIGNATURES_DAYS:
        return warning(f"{words}，超过 {OLD_SIGNATURES_DAYS} 天没有更新", "请查看 freshclam；内网请用单位的镜像。")
    return fine(words)


def _mail(settings: Settings, now: datetime) -> Finding:
    server = mail_server_of(settings)
    if server is None:
        return warning("没有设发件服务器，通知只在页面上", "请用 JIXIAO_SMTP 指给本程序（docs/serving.md）。")
    try:
        with server.opened():
            pass
    except NotTaken as away:
        return fault(f"{away.why}。邮件会等它恢复", "请启动发件服务器，核对 JIXIAO_SMTP 里的地址、账号和口令。")
    if not server.pages:
        return warning(f"{server.address} 可以发件，邮件里没有链接", "请用 JIXIAO_URL 写明大家打开网页的地址。")
    return fine(f"{server.address} 可以发件，发件人 {server.sender}")


def _anchors(settings: Settings, now: datetime) -> Finding:
    keeper = FileKeeper(settings.anchors)
    last = min((keeper.kept(name)[-1].day for name in keeper.jurisdictions()), default=None)
    if last is None:
        return warning(f"还没有每日锚点（{settings.anchors}）", "请每天运行 jixiao audit anchor（docs/serving.md）。")
    words = f"办理记录锚定到 {last}，留存在 {settings.anchors}"
    if (day_of(now) - last).days > LATE_ANCHOR_DAYS:
        return warning(words, "请核对每天的 jixiao audit anchor 为什么没有办成。")
    return fine(words)


OF_MACHINE: Mapping[str, tuple[str, Callable[[Settings, datetime], Finding]]] = {
    "calendar": ("工作日历", _calendar),
    "definitions": ("流程和规则", _definitions),
    "packs": ("地区包", _packs),
    "disk": ("磁盘空间", _disks),
    "scanner": ("查毒", _scanner),
    "mail": ("发件服务器", _mail),
    "anchors": ("每日锚点", _anchors),
    "fonts": ("中文字体", _fonts),
    "clock": ("时钟", _clock),
    "software": ("软件版本", _software),
    "limits": ("系统限制", _limits),
    "language": ("终端编码", _language),
}
"""By code: its name, and who looks. Another question is another line."""

"""Why a file cannot be written, in words: the system's refusals and ours."""

import errno
from pathlib import Path

from engine.errors import InvalidInput, WrongState


class NotWritable(InvalidInput):
    """No file can be written there; facts: `file`, and of the sentence `reason` and `remedy`."""

    code = "output.not_writable"


class AlreadyThere(WrongState):
    """A file lies there already, and nobody said that it may be replaced."""

    code = "output.already_there"


_LOCAL_DISK = "请换一个本机磁盘上的文件夹。"
_ANOTHER = "请换一个可以写入的文件夹，或请系统管理员给这个账号写入的权限。"
_REASONS: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("所在的磁盘满了", "请腾出空间后再办。"),
    errno.EDQUOT: ("所在磁盘的配额用完了", "请腾出空间，或请系统管理员放宽配额后再办。"),
    errno.EFBIG: ("超过了这里允许的文件大小", "请系统管理员放宽限制，或换一个位置。"),
    errno.EROFS: ("所在的文件系统是只读的", "请换一个可以写入的文件夹。"),
    errno.EACCES: ("所在的文件夹没有写入的权限", _ANOTHER),
    errno.EPERM: ("所在的文件夹没有写入的权限", _ANOTHER),
    errno.ENAMETOOLONG: ("的名称太长", "请换一个短一些的名称。"),
    errno.ENOENT: ("所在的文件夹不存在", "请先建立文件夹，或换一个位置。"),
    errno.ENOTDIR: ("的路径中间有一段不是文件夹", "请核对路径。"),
    errno.ELOOP: ("的路径上有绕成圈的链接", "请核对路径。"),
    errno.EISDIR: ("是一个文件夹", "请换一个名称。"),
    errno.ENOTEMPTY: ("里这时有了别的文件", "请再办一次。"),
    errno.EIO: ("写入时磁盘出错", "请系统管理员检查磁盘。"),
    errno.EBUSY: ("正被别的程序占用", "请稍后再办。"),
    errno.ETXTBSY: ("正被别的程序占用", "请稍后再办。"),
    errno.EMFILE: ("打不开，这个账号打开的文件太多了", "请系统管理员放宽限制（ulimit -n）后再办。"),
    errno.ENFILE: ("打不开，这台机器打开的文件太多了", "请稍后再办。"),
    errno.ESTALE: ("所在的网络磁盘没有响应", _LOCAL_DISK),
    errno.ETIMEDOUT: ("所在的网络磁盘没有响应", _LOCAL_DISK),
    **dict.fromkeys(
        (errno.EXDEV, errno.EEXIST, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL),
        ("所在的文件系统不能把写好的文件改名到位", _LOCAL_DISK),
    ),
}


def why_not(fault: OSError) -> tuple[str, str]:
    """What the system's refusal to write means, to be put after a file's name, and what to do about it."""
    known = _REASONS.get(fault.errno or 0)
    return known or (f"写不了（系统错误 {fault.errno}）", "请换一个位置，或请系统管理员查看。")


def refusal_for(path: Path, fault: OSError, outcome: str = "没有写出") -> NotWritable:
    """The refusal to write `path`; `outcome` is what did not happen because of it."""
    reason, remedy = why_not(fault)
    return not_writable(path, reason, remedy, outcome)


def not_writable(path: Path, reason: str, remedy: str, outcome: str = "没有写出") -> NotWritable:
    """The refusal to write `path` for this reason."""
    return NotWritable(f"“{path}”{reason}，{outcome}。{remedy}", file=str(path), reason=reason, remedy=remedy)


def already_there(path: Path) -> AlreadyThere:
    """The refusal to replace what nobody said may be replaced."""
    return AlreadyThere(
        f"“{path}”已经存在，没有覆盖。要留着它，请换一个名称；确实要换成新的，请加 --force。", file=str(path)
    )

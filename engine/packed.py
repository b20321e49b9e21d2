"""Packed files (ZIP: Office, OFD) nobody vouches for: looked into without unpacking more than they may hold.

What such a file says of its own size is not believed: it is unpacked, counted and dropped.
"""

import re
import sys
import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO

MB = 1024 * 1024
CHUNK = 64 * 1024
PACKED = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How the Office formats before 2007 begin, and every Office file with a password."""
END_RECORD, LONGEST_COMMENT, ZIP64_LOCATOR = 22, 65535, 20  # bytes, of the ZIP format
BYTES_PER_DIRECTORY_ENTRY = 1024  # ample: 46 and the length of the part's name
DAMAGED = "已损坏，读不出内容，没有上传。请重新导出后再上传。"
NOT_OF_ITS_KIND = "的内容不是 {}，没有上传。请用原来的软件另存为需要的格式，不要只改扩展名。"
_TOO_MANY_PARTS = "里面超过 {} 个部分，没有上传。请分成几个文件。"
_DAMAGES = (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a file may have: bytes as sent, bytes when unpacked, parts inside."""

    size_bytes: int = 50 * MB
    unpacked_bytes: int = 200 * MB
    parts: int = 5000


def fault_in(file: BinaryIO, title: str, main_part: str, limits: Limits) -> str | None:
    """What keeps a packed file from being taken, as the rest of a sentence that begins with its name; None: nothing.

    `title` is what the file should be, `main_part` the part that makes it so.
    """
    if _directory_bytes(file) > limits.parts * BYTES_PER_DIRECTORY_ENTRY:
        return _TOO_MANY_PARTS.format(limits.parts)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            wrong = _what_is_wrong_with(parts, title, main_part, limits)
            if wrong is not None:
                return wrong
            left = limits.unpacked_bytes
            for part in parts:
                left -= _unpacked_size(archive, part, left)
                if left < 0:
                    return _unpacks_to_more_than(limits)
    except _DAMAGES:
        return DAMAGED
    return None


def megabytes(size: int) -> str:
    """A size as people read it: `200 MB`."""
    return f"{size / MB:g} MB"


def _what_is_wrong_with(parts: list[zipfile.ZipInfo], title: str, main_part: str, limits: Limits) -> str | None:
    """What already the list of its parts tells against a packed file."""
    if len(parts) > limits.parts:
        return _TOO_MANY_PARTS.format(limits.parts)
    if any(part.header_offset < 0 for part in parts):
        return DAMAGED
    if any(part.flag_bits & 1 for part in parts):
        return "设有密码，没有上传。请去掉密码后再上传。"
    if any(_leads_outside(part) for part in parts):
        return "里面有指向别处的路径，没有上传。请重新导出后再上传。"
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        return "用了办公软件不用的压缩方式，没有上传。请重新导出后再上传。"
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        return "含有宏，没有上传。请另存为不含宏的文件。"
    if all(part.filename != main_part for part in parts):
        return NOT_OF_ITS_KIND.format(title)
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        return _unpacks_to_more_than(limits)
    return None


def _directory_bytes(file: BinaryIO) -> int:
    """How long the list of parts at the end of a packed file says it is; reading it is what a long one makes costly.

    A file without such a list counts as 0 and is found damaged later; the format for more than 4 GB as endless.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - END_RECORD - LONGEST_COMMENT - ZIP64_LOCATOR))
    tail = file.read()
    without_comment = tail[-END_RECORD:].startswith(b"PK\x05\x06") and tail.endswith(b"\0\0")
    at = len(tail) - END_RECORD if without_comment else tail.rfind(b"PK\x05\x06")
    if at < 0:
        return 0
    if tail[max(0, at - ZIP64_LOCATOR) : at].startswith(b"PK\x06\x07"):
        return sys.maxsize
    return int.from_bytes(tail[at + 12 : at + 16], "little")


def _unpacked_size(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    """How many bytes the part really unpacks to; stops counting just above `most`."""
    size = 0
    with archive.open(part) as opened:
        while size <= most and (chunk := opened.read(CHUNK)):
            size += len(chunk)
    return size


def _leads_outside(part: zipfile.ZipInfo) -> bool:
    path = part.orig_filename.replace("\\", "/")
    return path.startswith("/") or ".." in path.split("/") or "\0" in path or re.match(r"[A-Za-z]:", path) is not None


def _unpacks_to_more_than(limits: Limits) -> str:
    return f"解压后超过 {megabytes(limits.unpacked_bytes)}，没有上传。请压缩图片或分成两个文件。"

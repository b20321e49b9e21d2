"""What may be attached: the kinds of file, their limits, and a name that is safe to show and to download.

A file is believed for what it contains, not for what it is called. Archives (.zip, .rar) and the old Office formats are
not taken: nobody could see at a glance what is in the former, and the latter carry macros nobody can see.
"""

import re
import sys
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.errors import InvalidInput

MB = 1024 * 1024
CHUNK = 64 * 1024
LONGEST_NAME = 200  # bytes; file systems take 255
END_RECORD, LONGEST_COMMENT, ZIP64_LOCATOR = 22, 65535, 20  # bytes, of the ZIP format
BYTES_PER_DIRECTORY_ENTRY = 1024  # ample: 46 and the length of the part's name
NAMES_OF_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}


class AttachmentRefused(InvalidInput):
    """A file that is not taken; the message says why and what to do."""

    code = "submissions.attachment_refused"


@dataclass(frozen=True, slots=True)
class Limits:
    """The most an attachment may have: bytes as sent, bytes when unpacked, parts inside."""

    size_bytes: int = 50 * MB
    unpacked_bytes: int = 200 * MB
    parts: int = 5000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: how it begins, and for a packed one which part makes it this kind."""

    title: str
    media_type: str
    signature: bytes
    main_part: str | None = None


_OFFICE = "application/vnd.openxmlformats-officedocument"
PACKED = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_JPEG = Kind("JPG 图片", "image/jpeg", b"\xff\xd8\xff")
KINDS = {
    ".pdf": Kind("PDF", "application/pdf", b"%PDF-"),
    ".docx": Kind("Word 文档", f"{_OFFICE}.wordprocessingml.document", PACKED, "word/document.xml"),
    ".xlsx": Kind("Excel 工作簿", f"{_OFFICE}.spreadsheetml.sheet", PACKED, "xl/workbook.xml"),
    ".ofd": Kind("OFD 版式文件", "application/ofd", PACKED, "OFD.xml"),
    ".png": Kind("PNG 图片", "image/png", b"\x89PNG\r\n\x1a\n"),
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
}
TAKEN = "、".join(suffix[1:] for suffix in KINDS if suffix != ".jpeg")

_NOT_OF_ITS_KIND = "的内容不是 {}，没有上传。请用原来的软件另存为需要的格式，不要只改扩展名。"
_DAMAGED = "已损坏，读不出内容，没有上传。请重新导出后再上传。"
_TOO_MANY_PARTS = "里面超过 {} 个部分，没有上传。请分成几个文件。"


@dataclass(frozen=True, slots=True)
class Accepted:
    """What is known of a file that may be attached."""

    name: str
    media_type: str
    size_bytes: int


def accept(path: Path, name: str, limits: Limits = LIMITS) -> Accepted:
    """Judge the file at `path`, sent under `name`. Refuses with AttachmentRefused; never unpacks more than it may."""
    cleaned = clean_name(name)
    kind = kind_of(cleaned)
    size = path.stat().st_size
    check_size(cleaned, size, limits)
    with path.open("rb") as file:
        beginning = file.read(len(kind.signature))
    if kind.signature == PACKED and OLD_OFFICE.startswith(beginning):
        raise _refusal(cleaned, "设有密码或是旧版格式，没有上传。请去掉密码，另存为新版格式后再上传。")
    if beginning != kind.signature:
        raise _refusal(cleaned, _NOT_OF_ITS_KIND.format(kind.title))
    if kind.main_part is not None:
        _check_parts(path, cleaned, kind, limits)
    return Accepted(cleaned, kind.media_type, size)


def kind_of(name: str) -> Kind:
    """The kind a name promises. Refuses the kinds that are not taken."""
    kind = KINDS.get(PurePosixPath(name).suffix.lower())
    if kind is None:
        raise _refusal(name, f"不是可以上传的类型。请另存为 {TAKEN} 之一后再上传。")
    return kind


def check_size(name: str, size: int, limits: Limits) -> None:
    """Refuses a file with nothing in it and one larger than the limit."""
    if size == 0:
        raise _refusal(name, "是空文件，没有上传。请检查后重新选择。")
    if size > limits.size_bytes:
        raise _refusal(name, f"超过 {_megabytes(limits.size_bytes)}，没有上传。请压缩图片或分成两个文件。")


def clean_name(name: str) -> str:
    """The name without folders, control and direction marks, and what a file system or a browser could misread.

    >>> clean_name("C:\\\\资料\\\\..验收单 ?.docx")
    '验收单 _.docx'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(char for char in last if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    cleaned = re.sub(r'[<>:"|?*]', "_", visible).strip(" .")
    stem, suffix = PurePosixPath(cleaned).stem, PurePosixPath(cleaned).suffix
    if not stem or stem == cleaned.lstrip("."):
        raise _refusal(cleaned, "没有文件名或扩展名，没有上传。请改名后再上传。")
    if stem.upper() in NAMES_OF_DEVICES:
        stem = f"_{stem}"
    room = LONGEST_NAME - len(suffix.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + suffix


def _check_parts(path: Path, name: str, kind: Kind, limits: Limits) -> None:
    """Look into a packed file. What it says of its own size is not believed: it is unpacked, counted and dropped."""
    if _directory_bytes(path) > limits.parts * BYTES_PER_DIRECTORY_ENTRY:
        raise _refusal(name, _TOO_MANY_PARTS.format(limits.parts))
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            wrong = _what_is_wrong_with(parts, kind, limits)
            if wrong is not None:
                raise _refusal(name, wrong)
            left = limits.unpacked_bytes
            for part in parts:
                left -= _unpacked_size(archive, part, left)
                if left < 0:
                    raise _refusal(name, _unpacks_to_more_than(limits))
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError, NotImplementedError) as reason:
        raise _refusal(name, _DAMAGED) from reason


def _what_is_wrong_with(parts: list[zipfile.ZipInfo], kind: Kind, limits: Limits) -> str | None:
    """What already the list of its parts tells against a packed file."""
    if len(parts) > limits.parts:
        return _TOO_MANY_PARTS.format(limits.parts)
    if any(part.header_offset < 0 for part in parts):
        return _DAMAGED
    if any(part.flag_bits & 1 for part in parts):
        return "设有密码，没有上传。请去掉密码后再上传。"
    if any(_leads_outside(part) for part in parts):
        return "里面有指向别处的路径，没有上传。请重新导出后再上传。"
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        return "用了办公软件不用的压缩方式，没有上传。请重新导出后再上传。"
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        return "含有宏，没有上传。请另存为不含宏的文件。"
    if all(part.filename != kind.main_part for part in parts):
        return _NOT_OF_ITS_KIND.format(kind.title)
    if sum(part.file_size for part in parts) > limits.unpacked_bytes:
        return _unpacks_to_more_than(limits)
    return None


def _directory_bytes(path: Path) -> int:
    """How long the list of parts at the end of a packed file says it is; reading it is what a long one makes costly.

    A file without such a list counts as 0 and is found damaged later; the format for more than 4 GB as endless.
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - END_RECORD - LONGEST_COMMENT - ZIP64_LOCATOR))
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
    return f"解压后超过 {_megabytes(limits.unpacked_bytes)}，没有上传。请压缩图片或分成两个文件。"


def _refusal(name: str, sentence: str) -> AttachmentRefused:
    return AttachmentRefused(f"“{name}”{sentence}", name=name)


def _megabytes(size: int) -> str:
    return f"{size / MB:g} MB"

"""What may be attached: the kinds of file, their limits, and a name that is safe to show and to download.

A file is believed for what it contains, not for what it is called. Archives (.zip, .rar) and the old Office formats are
not taken: nobody could see at a glance what is in the former, and the latter carry macros nobody can see.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.errors import InvalidInput
from engine.packed import NOT_OF_ITS_KIND, OLD_OFFICE, PACKED, Limits, fault_in, megabytes

LONGEST_NAME = 200  # bytes; file systems take 255
NAMES_OF_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))}


class AttachmentRefused(InvalidInput):
    """A file that is not taken; the message says why and what to do."""

    code = "submissions.attachment_refused"


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: how it begins, and for a packed one which part makes it this kind."""

    title: str
    media_type: str
    signature: bytes
    main_part: str | None = None


_OFFICE = "application/vnd.openxmlformats-officedocument"
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
        raise _refusal(cleaned, NOT_OF_ITS_KIND.format(kind.title))
    if kind.main_part is not None:
        _check_parts(path, cleaned, kind, kind.main_part, limits)
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
        raise _refusal(name, f"超过 {megabytes(limits.size_bytes)}，没有上传。请压缩图片或分成两个文件。")


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


def _check_parts(path: Path, name: str, kind: Kind, main_part: str, limits: Limits) -> None:
    """Look into a packed file."""
    with path.open("rb") as file:
        wrong = fault_in(file, kind.title, main_part, limits)
    if wrong is not None:
        raise _refusal(name, wrong)


def _refusal(name: str, sentence: str) -> AttachmentRefused:
    return AttachmentRefused(f"“{name}”{sentence}", name=name)

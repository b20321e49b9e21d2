"""What a file given in place of a CSV really is, by its first bytes."""

import io
import re
import zipfile

WORKBOOK, OLD_OFFICE = "Excel 工作簿", "旧版 Office 文件（xls、doc、et 等）"
TABLES = (WORKBOOK, OLD_OFFICE)
"""Those a spreadsheet program can save as CSV."""

_PACKED = b"PK\x03\x04"
_STARTS = {
    b"%PDF-": "PDF 文件",
    b"\xd0\xcf\x11\xe0": OLD_OFFICE,
    b"PK\x05\x06": "空的压缩包（zip）",
    b"Rar!": "压缩包（rar）",
    b"7z\xbc\xaf\x27\x1c": "压缩包（7z）",
    b"\x1f\x8b": "压缩包（gzip）",
    b"BZh": "压缩包（bzip2）",
    b"\xfd7zXZ": "压缩包（xz）",
    b"\x89PNG": "PNG 图片",
    b"\xff\xd8\xff": "JPG 图片",
    b"GIF8": "GIF 图片",
    b"{\\rtf": "RTF 文档",
    b"SQLite format 3": "SQLite 数据库",
    b"\x7fELF": "程序",
    b"MZ\x90": "程序",
}
_PARTS = {"xl/": WORKBOOK, "word/": "Word 文档", "ppt/": "演示文稿", "OFD.xml": "OFD 版式文件"}
_OPEN_DOCUMENT = {"spreadsheet": WORKBOOK, "text": "ODF 文档", "presentation": "演示文稿"}
_PAGE = re.compile(rb"\s*(<!doctype html|<html|<table)", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml")


def kind_of_bytes(raw: bytes) -> str | None:
    """What this is when it is none of the texts a CSV could be; None for what may be one."""
    for start, kind in _STARTS.items():
        if raw.startswith(start):
            return kind
    if raw.startswith(_PACKED):
        return _packed(raw)
    text = raw.removeprefix(b"\xef\xbb\xbf")
    if _PAGE.match(text):
        return "网页"
    return "XML 文件" if _XML.match(text) else None


def _packed(raw: bytes) -> str:
    """By the names of its parts; nothing is unpacked but the word of an OpenDocument for what it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            names = package.namelist()
            said = package.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError, EOFError):
        return WORKBOOK  # a damaged one; nobody would save anything else in its place
    for part, kind in _PARTS.items():
        if any(name.startswith(part) for name in names):
            return kind
    return next((kind for word, kind in _OPEN_DOCUMENT.items() if word in said), "压缩包（zip）")

"""The three shapes a schema comes in: a whole form, a row of a table, a block of fields. Unknown fields are refused."""

from typing import ClassVar

from marshmallow import Schema

from engine.submissions.forms.cells import Explanations
from engine.submissions.forms.entries import row_id, text


class FormSchema(Schema):
    """A whole official form; `explanations` answers the checks that ask for a sentence, by field path."""

    explanations = Explanations(
        metadata={"label": "说明", "kind": "explanations", "unit": "", "required": "", "required_when": "", "hint": ""}
        | {"computed": False, "own_words": False, "options": (), "main": False}
        | {"stands_for": "", "refers_to": "", "office": None, "recorded_in": ""}
    )


class RowSchema(Schema):
    """One row of a table, known by its id over all versions.

    One that comes without is numbered, with `numbered` before the number.
    """

    numbered: ClassVar[str] = "r"
    id = row_id()


class BlockSchema(Schema):
    """A block of fields inside a form."""


class FileRow(RowSchema):
    """A paper handed in; the bytes lie in the file store under their fingerprint."""

    name = text("文件名称", required="要写明是哪一份材料")
    sha256 = text("文件指纹", limit=64, hint="上传后由系统填写；纸质件留空")

"""From a form and what is known of it to the tree its page is drawn from."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.findings import FormFinding, heaviest_first
from engine.reviews.remarks import Remark
from engine.submissions.forms import FieldChange, Form
from engine.submissions.forms.carried import Carried, brought_over
from engine.submissions.forms.layout import Group, is_left_to_others, layout
from engine.submissions.forms.paths import names
from engine.words import UnitKind
from web.forms import changes as comparing
from web.forms import shown
from web.forms.deleted import DeletedRow
from web.forms.plan import Column, MatrixPlan, PartPlan, SectionPlan, TablePlan, plan_of
from web.forms.rows import name_of, with_ids
from web.forms.sentences import problem_of, sentences_by_path
from web.forms.tiers import heading_of, in_place, is_filled, is_worth_reading, wants_a_look
from web.forms.tree import (
    SILENCE,
    Block,
    Elsewhere,
    Field,
    Matrix,
    MatrixLine,
    Part,
    RemovedRow,
    Row,
    Section,
    Sentences,
    SummaryLine,
    Table,
    Tree,
    anchor,
)


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a content besides itself.

    `findings` of 自动审核; open `remarks` of reviewers; `changes` against the version called `former` (`第 1 轮`);
    `carried` are the cells laid down by the frozen form; `filler` is who fills in, to whom the cells of others are text
    only; `deleted` are the rows that can be brought back; `fixed` makes the whole form read-only; `since_seen` are the
    changes since the reader's own last decision, None where they never took one.
    """

    findings: Sequence[FormFinding] = ()
    remarks: Sequence[Remark] = ()
    changes: Sequence[FieldChange] = ()
    former: str = ""
    carried: Carried | None = None
    filler: UnitKind | None = None
    deleted: Sequence[DeletedRow] = ()
    fixed: bool = False
    since_seen: Sequence[FieldChange] | None = None


NOTHING_ELSE = About()


def tree_of(form: Form, content: Mapping[str, Any], about: About = NOTHING_ELSE) -> Tree:
    """The page of a form with this content, whatever state the content is in; never refuses."""
    content = with_ids(layout(form.schema), brought_over(content, about.carried))
    changes = {change.field: change for change in about.changes}
    drawing = _Drawing(
        about,
        dict(sentences_by_path(content, about.findings, about.remarks)),
        changes,
        comparing.removed_by_table(about.changes),
        _rows_to_name(layout(form.schema), content),
    )
    sections = tuple(drawing.sections(plan_of(form.schema), content))
    return Tree(
        code=form.code,
        title=form.title,
        sections=sections,
        summary=tuple(drawing.summary()),
        elsewhere=tuple(drawing.elsewhere(layout(form.schema))),
        former=about.former,
        fixed=about.fixed,
        only_changes=False,
        since_seen=None if about.since_seen is None else frozenset(change.field for change in about.since_seen),
    )


@dataclass(slots=True)
class _Drawing:
    """The walk: what is said of each path, and the places (path → label) there turned out to be."""

    about: About
    says: Mapping[str, Sentences]
    changes: Mapping[str, FieldChange]
    removed: Mapping[str, list[FieldChange]]
    options: Mapping[str, tuple[tuple[str, str], ...]]
    places: dict[str, str] = field(default_factory=dict)

    def sections(self, plans: Iterable[SectionPlan], content: Mapping[str, Any]) -> Iterator[Section]:
        stops = Counter(_first_name(finding.field) for finding in self.about.findings if finding.stops)
        changed = Counter(_first_name(change.field) for change in self.about.changes)
        for number, plan in enumerate(plans, start=1):
            there = [name for part in plan.parts for name in _names_in(part)]
            yield Section(
                number=number,
                path=plan.path,
                id=f"s{number}",
                title=plan.title,
                parts=self._parts(plan.parts, content, "", ""),
                open_problems=sum(stops[name] for name in there),
                changes=sum(changed[name] for name in there),
            )

    def summary(self) -> Iterator[SummaryLine]:
        """The problems on top: what stops first, each with the nearest place there is for it."""
        for finding in heaviest_first(self.about.findings):
            place = next((path for path in _outwards(finding.field) if path in self.places), None)
            yield SummaryLine(
                problem=problem_of(finding),
                where="" if place is None else self.places[place],
                target=None if place is None else anchor(place),
            )

    def elsewhere(self, group: Group) -> Iterator[Elsewhere]:
        """What is said of the whole paper and of rows that are gone; to be asked when everything is drawn."""
        for path, says in self.says.items():
            if path not in self.places and (says.problems or says.remarks):
                where = f"{'·'.join(_labels(group, path))}（已不在表中）" if path else "整张表"
                yield Elsewhere(path, anchor(path), where, says)

    def _parts(self, plans: Iterable[PartPlan], data: Mapping[str, Any], path: str, said: str) -> tuple[Part, ...]:
        return tuple(self._part(plan, data, path, said) for plan in plans)

    def _part(self, plan: PartPlan, data: Mapping[str, Any], path: str, said: str) -> Part:
        if isinstance(plan, Column):
            return self._field(plan, data, f"{path}{plan.name}", f"{said}{plan.heading}", self.about.fixed)
        if isinstance(plan, MatrixPlan):
            return self._matrix(plan, data, path, said)
        place, label = f"{path}{plan.column.name}", f"{said}{plan.column.label}"
        self.places[place] = label
        if isinstance(plan, TablePlan):
            return self._table(plan, data.get(plan.column.name) or [], place, label)
        inside = data.get(plan.column.name) or {}
        parts = self._parts(plan.parts, inside, f"{place}.", f"{label}·")
        return Block(plan.column, place, anchor(place), parts, self._said(place))

    def _matrix(self, plan: MatrixPlan, data: Mapping[str, Any], path: str, said: str) -> Matrix:
        lines = []
        for row in plan.rows:
            place, label = f"{path}{row.column.name}", f"{said}{row.column.label}"
            inside = data.get(row.column.name) or {}
            self.places[place] = label
            cells = (
                self._field(
                    column, inside, f"{place}.{column.name}", f"{label}·{column.heading}", self.about.fixed, True
                )
                for column in plan.columns
            )
            lines.append(MatrixLine(row.column.label, place, anchor(place), tuple(cells), self._said(place)))
        return Matrix(f"{path}{plan.rows[0].column.name}", plan.columns, tuple(lines))

    def _field(
        self, column: Column, data: Mapping[str, Any], path: str, label: str, fixed: bool, in_row: bool = False
    ) -> Field:
        """One cell; `in_row`: its hint stands over the column, and days keep the form in which they sort."""
        self.places[path] = label
        if column.refers_to in self.options:
            column = column.choosing(self.options[column.refers_to])
        raw = data.get(column.name)
        is_list = column.control in ("checks", "lines")
        values = shown.typed_items(raw) if is_list else ()
        value = "\n".join(values) if is_list else shown.typed(raw)
        fixed = fixed or column.computed or is_left_to_others(column.office, self.about.filler)
        read = shown.read_aloud(column, raw, in_table=in_row) if fixed else ""
        exact = shown.exactly(column, raw) if fixed else ""
        says, own_id = self._said(path, column), anchor(path)
        described = f"{own_id}.hint" if column.hint and not in_row else ""
        if says is not SILENCE:
            described = " ".join([described, *says.ids(own_id)]).strip()
        return Field(column, path, own_id, label, value, values, read, exact, fixed, says, described)

    def _table(self, plan: TablePlan, given: list[Mapping[str, Any]], path: str, said: str) -> Table:
        carried = self.about.carried if self.about.carried is not None and self.about.carried.table == path else None
        last = len(given)
        rows = tuple(
            self._row(plan, row, f"{path}[{row['id']}]", (number, last), said, carried)
            for number, row in enumerate(given, start=1)
        )
        removed = (
            RemovedRow(change.field, change.label, comparing.row_words(plan.cells, change.before))
            for change in self.removed.get(path, ())
        )
        return Table(
            column=plan.column,
            path=path,
            id=anchor(path),
            columns=tuple(heading_of(column, carried) for column, *_ in plan.main),
            rows=rows,
            removed=tuple(removed),
            fixed=self.about.fixed,
            can_add=not self.about.fixed and carried is None and last < plan.column.limit,
            has_actions=any(row.removable or row.can_go_up or row.can_go_down for row in rows),
            says=self._said(path),
            deleted=tuple(row for row in self.about.deleted if row.table == path),
        )

    def _row(
        self,
        plan: TablePlan,
        row: Mapping[str, Any],
        path: str,
        number: tuple[int, int],
        said: str,
        carried: Carried | None,
    ) -> Row:
        at, last = number
        self.places[path] = label = f"{said}第 {at} 行"
        row_id, fixed = row["id"], self.about.fixed

        def field_of(column: Column, in_row: bool) -> Field:
            laid_down = fixed or (carried is not None and carried.holds(row_id, column.name))
            return self._field(column, row, f"{path}.{column.name}", f"{label}{column.heading}", laid_down, in_row)

        cells: list[tuple[Field, ...]] = []
        hidden: list[Column] = []
        for group in plan.main:
            fields = [field_of(column, True) for column in group]
            seen = in_place(fields)
            cells.append(tuple(seen))
            hidden += [each.column for each in fields if each not in seen and not (each.fixed and not each.value)]
        rest = (
            *(field_of(column, False) for column in hidden),
            *(
                field_of(part, False) if isinstance(part, Column) else self._part(part, row, f"{path}.", label)
                for part in plan.rest
            ),
        )
        rest = tuple(filter(is_worth_reading, rest)) if fixed else rest
        own = carried is None or row_id not in carried.rows
        return Row(
            path=path,
            id=anchor(path),
            row_id=row_id,
            number=at,
            name=name_of(row),
            cells=tuple(cells),
            rest=rest,
            opened=any(map(wants_a_look, rest)),
            filled=sum(map(is_filled, rest)),
            says=self._said(path),
            added=path in self.changes and self.changes[path].kind == "added",
            removable=not fixed and own,
            can_go_up=not fixed and carried is None and at > 1,
            can_go_down=not fixed and carried is None and at < last,
        )

    def _said(self, path: str, column: Column | None = None) -> Sentences:
        says, change = self.says.get(path, SILENCE), self.changes.get(path)
        if change is None or column is None:
            return says
        return replace(says, before=shown.read_aloud(column, change.before, in_table="[" in path))


def _outwards(path: str) -> Iterator[str]:
    """The path, then the row, table or block around it, and so on.

    >>> list(_outwards("items[q1].done"))
    ['items[q1].done', 'items[q1]', 'items']
    """
    while path:
        yield path
        path = path[: max(path.rfind("."), path.rfind("["), 0)]


def _rows_to_name(group: Group, content: Mapping[str, Any]) -> dict[str, tuple[tuple[str, str], ...]]:
    """The rows of every table as options: id and `第 1 行 现场核查记录`."""
    tables = (cell.name for cell in group.cells if cell.sort == "table")
    return {
        name: tuple((row["id"], f"第 {at} 行 {name_of(row)}") for at, row in enumerate(content.get(name, ()), start=1))
        for name in tables
    }


def _labels(group: Group, path: str) -> Iterator[str]:
    for name in names(path):
        cell = group.by_name.get(name)
        yield cell.field.metadata["label"] if cell is not None else name
        group = cell.inside if cell is not None and cell.inside is not None else group


def _first_name(path: str) -> str:
    """The block or table a path leads into; what was explained counts where it is explained."""
    return path.removeprefix("explanations[").partition(".")[0].partition("[")[0]


def _names_in(part: PartPlan) -> list[str]:
    if isinstance(part, MatrixPlan):
        return [row.column.name for row in part.rows]
    return [part.name if isinstance(part, Column) else part.column.name]

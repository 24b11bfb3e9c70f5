"""The rows of a long list in pieces: one value can be changed without opening the others.

A document of :data:`LONG` rows and more is kept so from its reading on. Piece :data:`HEAD` of a form has all but its
rows and findings, piece :data:`FOUND` the findings of the reading; the others have its rows in their order, not all of
one size once rows were added or taken out. A piece as it stands now (``now``) stands in for the one that was read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, delete, func, insert, select

from forms.plain import extraction_to_plain
from forms.record import Extraction
from service.store.campaign_tables import document_parts
from service.store.sealing.columns import InRow, opener, row_of, sealed_kind, sealed_text
from service.store.tables import findings

LONG = 300
PIECE = 20
HEAD, FOUND = -1, -2
READ, NOW = "read", "now"
Plain = dict[str, Any]


def is_long(found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the forms of a reading are kept in pieces."""
    return sum(len(item["records"]) for item in found) >= LONG


def is_split(connection: Connection, identity: str) -> bool:
    """Whether a document is kept in pieces."""
    table = document_parts
    return connection.execute(select(table.c.item).where(table.c.document_id == identity).limit(1)).first() is not None


def keep_whole(connection: Connection, identity: str, role: str, found: Sequence[Mapping[str, Any]]) -> None:
    """Write all forms of a document in pieces, instead of those of that role."""
    keep_sealed(connection, identity, role, list(_pieces(identity, role, found)))


def seal_early(dialect: Dialect, identity: str, role: str, found: Sequence[Mapping[str, Any]]) -> list[Plain]:
    """The rows that :func:`keep_sealed` writes, made while others may still write."""
    kind = sealed_kind(document_parts.c.body)
    return [{**row, "body": kind.early(row["body"], dialect)} for row in _pieces(identity, role, found)]


def keep_sealed(connection: Connection, identity: str, role: str, rows: Sequence[Plain]) -> None:
    """Write all pieces of a document, instead of those of that role."""
    table = document_parts
    connection.execute(delete(table).where(table.c.document_id == identity, table.c.role == role))
    if rows:
        connection.execute(insert(table), rows)


def _pieces(identity: str, role: str, found: Sequence[Mapping[str, Any]]) -> Iterator[Plain]:
    for item, form in enumerate(found):
        yield _piece(identity, role, item, HEAD, [{**form, "records": [], "findings": []}])
        if role == READ:
            yield _piece(identity, role, item, FOUND, form["findings"])
        for number, start in enumerate(range(0, len(form["records"]), PIECE)):
            yield _piece(identity, role, item, number, form["records"][start : start + PIECE])


def _piece(identity: str, role: str, item: int, number: int, rows: Sequence[Any]) -> Plain:
    key = {"document_id": identity, "role": role, "item": item, "number": number}
    body = InRow(row_of(identity, role, item, number), list(rows))
    return {**key, "size": len(rows), "review": _to_look_at(rows), "body": body}


def put_piece(connection: Connection, identity: str, role: str, item: int, number: int, rows: Sequence[Any]) -> None:
    """Write one piece, in the place of what it was."""
    table = document_parts
    key = {"document_id": identity, "role": role, "item": item, "number": number}
    connection.execute(delete(table).where(*(table.c[name] == value for name, value in key.items())))
    connection.execute(insert(table).values(_piece(identity, role, item, number, rows)))


def put_head(connection: Connection, identity: str, item: int, head: Extraction) -> None:
    """Write all of a form but its rows and findings as it stands now."""
    plain = {**extraction_to_plain(head), "records": [], "findings": []}
    put_piece(connection, identity, NOW, item, HEAD, [plain])


def _to_look_at(rows: Iterable[Any]) -> int:
    """How many values of a piece are marked for a person."""
    count = 0
    for row in rows:
        entries = [*row.get("header", {}).values(), *row.get("marks", ())] if "header" in row else list(row.values())
        count += sum(isinstance(entry, Mapping) and bool(entry.get("review")) for entry in entries)
    return count


def sizes_of(connection: Connection, identity: str) -> dict[int, dict[int, int]]:
    """For each form of a document the sizes of its pieces of rows by their number, as they stand now."""
    table = document_parts
    wanted = select(table.c.item, table.c.number, table.c.size, table.c.role).where(table.c.document_id == identity)
    found: dict[int, dict[int, int]] = {}
    for row in connection.execute(wanted.order_by(table.c.item, table.c.number, table.c.role.desc())):
        pieces = found.setdefault(row.item, {})
        if row.number >= 0:
            pieces[row.number] = row.size  # "now" comes after "read"
    return found


def heads_of(connection: Connection, identity: str) -> list[Plain]:
    """The forms of a document as they stand now, without their rows and findings."""
    return [piece_of(connection, identity, item, HEAD)[0] for item in sorted(sizes_of(connection, identity))]


def piece_of(connection: Connection, identity: str, item: int, number: int) -> list[Any]:
    """One piece as it stands now; empty where there is none."""
    table = document_parts
    wanted = select(table.c.body).where(table.c.document_id == identity, table.c.item == item, table.c.number == number)
    found: list[Any] | None = connection.scalar(wanted.order_by(table.c.role).limit(1))  # "now" comes before "read"
    return found or []


@dataclass(frozen=True, slots=True)
class Fetched:
    """A long document as it lies in the database, still sealed; what is opened of it needs the database no more.

    ``pieces`` are sealed rows by role, form and number, ``findings`` those of the forms as they stand now.
    """

    pieces: list[tuple[str, int, int, str]]
    findings: list[tuple[int, str]]
    opens: Mapping[str, Callable[[str], str]]

    def opened(self) -> tuple[list[Plain], list[Plain] | None]:
        """The forms as read and as they stand now, which is ``None`` where nothing was changed."""
        bodies: dict[tuple[int, int], dict[str, list[Any]]] = {}
        for role, item, number, sealed in self.pieces:
            bodies.setdefault((item, number), {})[role] = json.loads(self.opens["body"](sealed))
        read = _joined(bodies, READ)
        if not any(NOW in roles for roles in bodies.values()):
            return read, None
        now = _joined(bodies, NOW)
        for item, form in enumerate(now):
            form["findings"] = self._findings(item)
        return read, now

    def forms(self) -> Iterator[tuple[Plain, Iterator[str]]]:
        """Each form as it stands now but for its rows, and its rows piece by piece, each the JSON of a list."""
        newest: dict[int, dict[int, str]] = {}
        is_changed = False
        for role, item, number, sealed in self.pieces:  # "now" comes before "read"
            newest.setdefault(item, {}).setdefault(number, sealed)
            is_changed = is_changed or role == NOW
        for item, pieces in newest.items():
            (head,) = json.loads(self.opens["body"](pieces.pop(HEAD)))
            read = pieces.pop(FOUND, None)
            found = self._findings(item) if is_changed or read is None else json.loads(self.opens["body"](read))
            yield {**head, "findings": found}, (self.opens["body"](sealed) for _, sealed in sorted(pieces.items()))

    def _findings(self, item: int) -> list[Plain]:
        mine = [json.loads(self.opens["finding"](sealed)) for number, sealed in self.findings if number == item]
        return sorted(mine, key=lambda finding: _order(finding["path"]))


def fetch(connection: Connection, identity: str) -> Fetched:
    """All pieces and findings of a document in one moment, without opening them: others can write at once again."""
    table = document_parts
    body, finding = table.c.body, findings.c.body
    wanted = select(table.c.role, table.c.item, table.c.number, sealed_text(body)).where(
        table.c.document_id == identity
    )
    pieces = [tuple(row) for row in connection.execute(wanted.order_by(table.c.item, table.c.number, table.c.role))]
    said = select(findings.c.item, sealed_text(finding)).where(findings.c.document_id == identity)
    told = [tuple(row) for row in connection.execute(said.order_by(findings.c.id))]
    opens = {"body": opener(body, connection.dialect), "finding": opener(finding, connection.dialect)}
    return Fetched(pieces, told, opens)


def whole(connection: Connection, identity: str) -> tuple[list[Plain], list[Plain] | None]:
    """The forms of a document as read and as they stand now, which is ``None`` where nothing was changed."""
    return fetch(connection, identity).opened()


def _joined(pieces: Mapping[tuple[int, int], Mapping[str, list[Any]]], role: str) -> list[Plain]:
    forms: list[Plain] = []
    for (item, number), bodies in sorted(pieces.items()):
        body = bodies.get(role, bodies.get(READ, []))
        while len(forms) <= item:
            forms.append({})
        if number == FOUND:
            forms[item]["findings"] = list(body)
        elif number == HEAD:
            kept = forms[item].get("findings", []) if role == READ else []
            forms[item] = {**body[0], "findings": kept, "records": []}
        else:
            forms[item]["records"].extend(body)
    return forms


def _order(path: str) -> tuple[int, int]:
    """Findings of the head first, then those of the rows in their order, then those of marks."""
    if path.startswith("records["):
        return 1, int(path[len("records[") : path.index("]")])
    return (0, 0) if path.startswith("header") or not path else (2, 0)


def tally(connection: Connection, identity: str) -> tuple[int, int, int]:
    """How many people, errors and values to look at a document has, without opening its pieces."""
    table = document_parts
    wanted = select(table.c.item, table.c.number, table.c.role, table.c.size, table.c.review)
    newest: dict[tuple[int, int], Any] = {}
    for row in connection.execute(wanted.where(table.c.document_id == identity).order_by(table.c.role.desc())):
        newest[row.item, row.number] = row
    people = sum(row.size for row in newest.values() if row.number >= 0)
    review = sum(row.review for row in newest.values())
    errors = select(func.count()).select_from(findings)
    errors = errors.where(findings.c.document_id == identity, findings.c.severity == "error")
    return people, int(connection.execute(errors).scalar_one()), review


def drop_row_findings(connection: Connection, identity: str, item: int, first: int) -> None:
    """Take away what is said of the rows from that one on: their numbers have changed and they are checked anew."""
    table = findings
    wanted = select(table.c.id, table.c.path).where(table.c.document_id == identity, table.c.item == item)
    gone = [row.id for row in connection.execute(wanted) if _order(row.path) >= (1, first) and _order(row.path)[0] == 1]
    for start in range(0, len(gone), 500):
        connection.execute(delete(table).where(table.c.id.in_(gone[start : start + 500])))

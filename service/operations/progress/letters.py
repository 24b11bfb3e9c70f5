"""Letters and lists about who is late, made from the board: one file, and who signs it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from forms.errors import FormServiceError
from service.access.matrix import Role
from service.access.principal import known_principal
from service.operations.making import Made
from service.operations.progress.board import Board, Cell, Row, Wanted, row_of_unit, rows_wanted
from service.operations.progress.law import State
from service.operations.progress.workbooks import late_workbook
from service.operations.returning import DAYS
from service.runtime import Runtime
from service.store.units import Unit, UnitKind, all_units
from writers.letters.dunning import Dunning, Owed, make_dunning
from writers.letters.late_list import LateList, LateUnit, make_late_list
from writers.letters.sheet import Sender as Signer
from writers.packing.fixed import fixed_pdf
from writers.rendering import to_pdf

OFFICES = {UnitKind.ORGANIZATION: "区委组织部", UnitKind.HR: "区人社局"}
"""The offices to which everything is handed in (方案三(二)3), where the list of units does not name them."""
PLAN_CONTACT = "区委组织部、区人社局，联系电话：81589239、85605580"
"""Whom to ask by the plan itself (方案三(二)3), where nothing else is said."""
LONGEST_CONTACT = 100
_LANDLINE = re.compile(r"^(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?$")
_BAD_NAME = re.compile(r'[\\/:*?"<>|\s]+')


class NotLateError(FormServiceError):
    """A 催报函 to a unit that owes nothing."""

    code = "not-late"
    zh = "“{unit}”没有逾期未报的材料,不需要催报"
    en = "{unit} owes nothing that is late; there is nothing to ask for"


class NobodyToRemindError(FormServiceError):
    """A letter about people to a unit of which the list names nobody, or letters where no unit needs one."""

    code = "nobody-to-remind"
    zh = "没有需要发函的单位或人员"
    en = "No unit or person needs a letter"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes a letter, whom to ask, the letter's day, and until when an answer is awaited."""

    signed: tuple[str, ...]
    contact: str
    day: dt.date
    until: dt.date

    @property
    def signer(self) -> Signer:
        """As the letters have it."""
        return Signer(self.signed, self.contact, self.day)


def sender_of(runtime: Runtime, signed: str, contact: str, until: dt.date | None, day: dt.date) -> Sender:
    """The sender as somebody says, else who leads the clean-up; a department signs with its own name.

    Whom to ask are the offices of the list of units with a number of their own, else as the plan has it; a mobile
    number of a person is never taken from the list.
    """
    with runtime.database.reading() as connection:
        units = all_units(connection)
    principal = known_principal()
    own = principal.unit_id if principal is not None and principal.role is Role.DEPARTMENT else None
    offices = [unit for unit in units if unit.id == own] or [unit for unit in units if unit.kind in OFFICES]
    names = tuple(name.strip() for name in re.split(r"[、,,;;]", signed) if name.strip())
    names = names or tuple(unit.name for unit in offices) or tuple(OFFICES.values())
    return Sender(names[:4], contact or _contact(offices), day, until or day + dt.timedelta(days=DAYS))


def _contact(offices: Sequence[Unit]) -> str:
    known = [f"{unit.name} {unit.liaison_phone}" for unit in offices if _LANDLINE.match(unit.liaison_phone)]
    return "，".join(known) or PLAN_CONTACT


def late_letter(runtime: Runtime, board: Board, unit_id: str, sender: Sender, as_format: str) -> Made:
    """The 催报函 to one unit, as ``docx`` or ``pdf``.

    Raises:
        NotFoundError: the unit is not on the board.
        NotLateError: it owes nothing that is late.
        DocumentError: the conversion failed.
    """
    row = row_of_unit(board, unit_id)
    if not row.cells_in([State.LATE]):
        raise NotLateError(unit=row.unit.name)
    content = late_letter_docx(runtime, board, row, sender)
    return as_made(letter_name("催报函", row.unit.name), content, as_format)


def as_made(stem: str, content: bytes, as_format: str) -> Made:
    """A Word file as it is, or as PDF."""
    if as_format == "pdf":
        content = fixed_pdf(to_pdf([(content, "docx")])[0])
    return Made(f"{stem}.{as_format}", content, ())


def letter_name(kind: str, unit: str) -> str:
    """The name of a letter's file, without its ending."""
    return f"{kind}_{_BAD_NAME.sub('', unit)[:80]}"


def late_letter_docx(runtime: Runtime, board: Board, row: Row, sender: Sender) -> bytes:
    """The 催报函 to the unit of a row that has a form that is late, as Word."""
    owed = tuple(_owed(runtime, cell) for cell in row.cells.values() if cell.state is State.LATE)
    supervising = row.top.name if row.top.id != row.unit.id else ""
    dunning = Dunning(row.unit.name, board.round.dates.hand_in_by, sender.until, owed, supervising)
    return make_dunning(dunning, sender.signer)


_WIDE = str.maketrans("()", "（）")


def _owed(runtime: Runtime, cell: Cell) -> Owed:
    definition = runtime.catalogue.find(cell.form)
    title = f"附件{definition.number}《{definition.title}》"
    return Owed(title, definition.clause.translate(_WIDE), cell.last_day, standing_of(cell), cell.days_late)


def standing_of(cell: Cell) -> str:
    """How a form that is late stands, in a few words."""
    if cell.pile.returned:
        return "退回后未重新报送"
    if cell.duty.needed:
        return f"应报{cell.duty.needed}人，缺{cell.duty.missing}人"
    return "未报送"


def late_list(runtime: Runtime, board: Board, wanted: Wanted, as_format: str) -> Made:
    """The 未报名单 of the units that are wanted and late, as ``docx``, ``xlsx`` or ``pdf``.

    Raises:
        DocumentError: the conversion failed.
    """
    stem = f"未报名单_{board.day.isoformat()}"
    rows = [row for row in rows_wanted(board, wanted) if row.cells_in([State.LATE])]
    late = tuple(_late_unit(runtime, row) for row in rows)
    hand_in_by, units = board.round.dates.hand_in_by, len(rows_wanted(board, Wanted(under=wanted.under)))
    listed = LateList(board.round.title, hand_in_by, units, late)
    if as_format == "xlsx":
        return Made(f"{stem}.xlsx", late_workbook(listed, board.day), ())
    sender = sender_of(runtime, "", "", None, board.day)
    return as_made(stem, make_late_list(listed, sender.signer), as_format)


def _late_unit(runtime: Runtime, row: Row) -> LateUnit:
    cells = row.cells_in([State.LATE])
    owed = tuple(_in_short(runtime, cell) for cell in cells)
    return LateUnit(row.unit.name, row.top.name, owed, max(cell.days_late for cell in cells), row.unit.liaison)


def _in_short(runtime: Runtime, cell: Cell) -> str:
    number = f"附件{runtime.catalogue.find(cell.form).number}"
    if cell.pile.returned:
        return f"{number}（退回未补）"
    return f"{number}（缺{cell.duty.missing}人）" if cell.duty.needed else number

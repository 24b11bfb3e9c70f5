"""The law of progress: from what a unit owes, what of it is there and which day it is, to one of seven states.

The office's turn comes before the unit's: while a file lies with the office, nothing is late. A form that went back to
be corrected is the unit's turn again; it is late when both the campaign's last day and the day set for the correction
have passed (docs/progress.md).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from service.operations.campaigns import ALWAYS, LOANS


class State(StrEnum):
    """Where one form of one unit stands."""

    NOT_DUE = "not-due"
    DUE = "due"
    RECEIVED = "received"
    IN_REVIEW = "in-review"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    LATE = "late"


LABELS: dict[State, str] = {
    State.NOT_DUE: "暂不需报",
    State.DUE: "待报送",
    State.RECEIVED: "已收到",
    State.IN_REVIEW: "审核中",
    State.RETURNED: "退回补正",
    State.ACCEPTED: "已接收",
    State.LATE: "逾期",
}
ORDER = (
    State.LATE,
    State.DUE,
    State.RETURNED,
    State.RECEIVED,
    State.IN_REVIEW,
    State.ACCEPTED,
    State.NOT_DUE,
)
"""As people read them: what somebody must do something about first."""


@dataclass(frozen=True, slots=True)
class Dates:
    """The first and the last day of handing in."""

    self_check_on: dt.date
    hand_in_by: dt.date


@dataclass(frozen=True, slots=True)
class Duty:
    """What a unit owes of a form.

    ``when`` is ``always``, ``loans`` or empty for nothing. For ``loans``, ``needed`` are the people for whom one is
    owed, ``None`` while the unit's list of loans has not been accepted, and ``missing`` those without an accepted one.
    """

    when: str = ""
    needed: int | None = None
    missing: int = 0

    @property
    def is_owed(self) -> bool:
        """Whether the unit owes any, as far as is known."""
        return self.when == ALWAYS or (self.when == LOANS and bool(self.needed))

    @property
    def reason(self) -> str:
        """Why nothing is owed, in a clerk's words; empty where something is."""
        if self.is_owed:
            return ""
        if self.when == LOANS:
            return "附件1接收后确定" if self.needed is None else "没有应逐人审批的借用"
        return "此类单位不报"


@dataclass(frozen=True, slots=True)
class Pile:
    """What lies there of one form of one unit: files by where they are, accepted forms and the people in them.

    A superseded file is in none of the figures. ``cards`` are people for whom an attachment-4 is owed,
    ``returned_until`` is the last day set for a correction, ``first_on`` the day on which the first of it was received.
    """

    received: int = 0
    review: int = 0
    returned: int = 0
    accepted: int = 0
    people: int = 0
    cards: int = 0
    returned_until: dt.date | None = None
    first_on: dt.date | None = None

    @property
    def is_zero(self) -> bool:
        """Whether it is a report of nobody (零报告): accepted, and without people."""
        return self.accepted > 0 and self.people == 0


def last_day(pile: Pile, dates: Dates) -> dt.date:
    """The day after which the unit is late: the campaign's, or that of its correction where it is later."""
    if pile.returned and pile.returned_until is not None:
        return max(dates.hand_in_by, pile.returned_until)
    return dates.hand_in_by


def state_of(duty: Duty, pile: Pile, dates: Dates, day: dt.date) -> State:
    """The state of one form of one unit on a day."""
    if pile.accepted and not (duty.when == LOANS and duty.missing):
        return State.ACCEPTED
    if pile.review:
        return State.IN_REVIEW
    if pile.received:
        return State.RECEIVED
    if pile.returned and not duty.is_owed:
        return State.RETURNED
    if pile.returned:
        return State.RETURNED if day <= last_day(pile, dates) else State.LATE
    if not duty.is_owed or day < dates.self_check_on:
        return State.NOT_DUE
    return State.DUE if day <= dates.hand_in_by else State.LATE


def days_late(state: State, pile: Pile, dates: Dates, day: dt.date) -> int:
    """Days since the last day; 0 where the form is not late."""
    return (day - last_day(pile, dates)).days if state is State.LATE else 0


def came_late(state: State, pile: Pile, dates: Dates) -> bool:
    """Whether what is there came after the last day of handing in (迟交)."""
    there = state in {State.RECEIVED, State.IN_REVIEW, State.ACCEPTED}
    return there and pile.first_on is not None and pile.first_on > dates.hand_in_by

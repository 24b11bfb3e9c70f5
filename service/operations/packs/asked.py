"""What somebody asks for when asking for a pack, and who gets which forms.

Source: 方案三(二)2 (附件1 to 组织、人社 by who administers the person; 附件2, 附件3), 三(二)3 (summaries to 组织部 and
人社局), 三(三)2 (附件4 to 组织、人社), 三(三)3 (附件5 to 组织、人社 and 财政).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from forms.errors import FormServiceError

SUBMISSION, PREFILLED = "submission", "prefilled"
MOST_COPIES = 99


class Recipient(StrEnum):
    """To whom a pack goes."""

    ALL = "all"
    ORGANIZATION = "organization"
    HR = "hr"
    FINANCE = "finance"

    @property
    def offices(self) -> tuple[str, ...]:
        """The full names of the offices that it goes to."""
        return tuple(OFFICES.values()) if self is Recipient.ALL else (OFFICES[self],)

    @property
    def label(self) -> str:
        """How it is called on pages and in file names."""
        return "全部" if self is Recipient.ALL else OFFICES[self]

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that it gets, in order."""
        return ("attachment-5",) if self is Recipient.FINANCE else _FORMS


OFFICES = {
    Recipient.ORGANIZATION: "区委组织部",
    Recipient.HR: "区人力资源和社会保障局",
    Recipient.FINANCE: "区财政局",
}
_FORMS = ("attachment-1", "attachment-2", "attachment-3", "attachment-4", "attachment-5")
_NAMES = {
    "全部": Recipient.ALL,
    "组织部": Recipient.ORGANIZATION,
    "区委组织部": Recipient.ORGANIZATION,
    "人社局": Recipient.HR,
    "区人社局": Recipient.HR,
    "区人力资源和社会保障局": Recipient.HR,
    "财政局": Recipient.FINANCE,
    "区财政局": Recipient.FINANCE,
}


def recipient_called(name: str) -> Recipient | None:
    """The recipient of an id or a Chinese name; ``None`` where nobody is called so."""
    try:
        return Recipient(name.strip().lower())
    except ValueError:
        return _NAMES.get(name.strip())


@dataclass(frozen=True, slots=True)
class Options:
    """How a pack is to be made.

    ``with_errors`` makes it though something is missing or wrong. ``pdf`` adds the file for printing, ``scans`` the
    stamped originals behind the forms. ``copies`` 0 takes the largest number that a form asks for. ``day`` is that of
    the letter (``YYYY-MM-DD``), left to be written in by hand where it is empty.
    """

    with_errors: bool = False
    pdf: bool = True
    scans: bool = True
    copies: int = 0
    day: str = ""

    def to_plain(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @property
    def letter_day(self) -> dt.date | None:
        """The day of the letter."""
        return dt.date.fromisoformat(self.day) if self.day else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A pack: of which kind, over whose subtree (``None``: the district's), for whom, of which campaign."""

    kind: str = SUBMISSION
    unit_id: str | None = None
    recipient: Recipient = Recipient.ALL
    campaign_id: str | None = None
    options: Options = Options()


class PackIncompleteError(FormServiceError):
    """A pack in which something is missing or wrong, and that was not asked for all the same; ``lacks`` lists it."""

    code = "pack-incomplete"
    zh = "报送包不完整,未生成:{what}。确需生成的请选择“带问题生成”(with_errors),封面会注明"
    en = "The pack is not complete and was not made: {what}. To make it all the same give with_errors"

    def __init__(self, lacks: list[dict[str, Any]], what: str) -> None:
        super().__init__(what=what)
        self.lacks = lacks

    def __reduce__(self) -> tuple[object, ...]:
        """The list crosses a process border, too."""
        return (PackIncompleteError, (self.lacks, self.detail["what"]))


class PackEmptyError(FormServiceError):
    """A pack that would have no form in it."""

    code = "pack-empty"
    zh = "没有可以编入报送包的材料:{reason_zh}"
    en = "There is nothing to put into the pack: {reason_en}"


class PackNotPrintedError(FormServiceError):
    """A part of a pack cannot be printed, and the file for printing cannot be made without it."""

    code = "pack-not-printed"
    zh = "打印版中的“{part}”未能生成:{reason}"
    en = '"{part}" of the file for printing could not be made: {reason}'

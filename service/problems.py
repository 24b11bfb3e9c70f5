"""The one table from a fault's stable code to its HTTP status and its exit code.

A test walks all sub-classes of :class:`forms.errors.FormServiceError` and fails when a code is missing here or in
``docs/errors.md``. Exit codes are an interface: 0 done, 1 the data has errors, 2 wrong arguments, 3 no such form or
file, 4 a file could not be read, 5 the data cannot be used, 6 the output check failed, 7 a needed program is missing or
failed, 8 nothing could be stored, 70 a fault of the program, 130 interrupted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from forms.errors import FormServiceError


class SettingsError(FormServiceError):
    """A ``HZFORMS_`` variable that nobody knows, or with a value of the wrong kind."""

    code = "settings-invalid"
    zh = "设置有误:{faults}"
    en = "Invalid settings: {faults}"


class JobDeadError(FormServiceError):
    """A job that took its worker with it, or failed, again and again."""

    code = "job-dead"
    zh = "处理程序多次异常退出,已停止重试;原件已保存"
    en = "The work ended abnormally several times and is not tried again; the original is kept"


class JobTimedOutError(FormServiceError):
    """A job that took longer than any may."""

    code = "job-timed-out"
    zh = "处理超过时限,已停止;原件已保存"
    en = "The work took longer than it may and was ended; the original is kept"


class JobCancelledError(FormServiceError):
    """A person stopped the job."""

    code = "job-cancelled"
    zh = "任务已取消;原件已保存"
    en = "The job was cancelled; the original is kept"


class Exit(IntEnum):
    """Exit codes of the command line."""

    DONE = 0
    ERRORS_FOUND = 1
    USAGE = 2
    NOT_FOUND = 3
    UNREADABLE = 4
    DATA = 5
    OUTPUT_CHECK = 6
    TOOL = 7
    STORAGE = 8
    INTERNAL = 70
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a code means at the two edges of the program."""

    status: int
    exit: Exit


OUTCOMES: dict[str, Outcome] = {
    # forms
    "internal-error": Outcome(500, Exit.INTERNAL),
    "unknown-form": Outcome(404, Exit.NOT_FOUND),
    "definition-invalid": Outcome(500, Exit.INTERNAL),
    "data-invalid": Outcome(422, Exit.DATA),
    # returned files
    "empty-file": Outcome(422, Exit.UNREADABLE),
    "content-mismatch": Outcome(415, Exit.UNREADABLE),
    "file-damaged": Outcome(422, Exit.UNREADABLE),
    "file-encrypted": Outcome(422, Exit.UNREADABLE),
    "archive-too-big": Outcome(422, Exit.UNREADABLE),
    "archive-invalid": Outcome(422, Exit.UNREADABLE),
    "nested-archive": Outcome(422, Exit.UNREADABLE),
    "xml-forbidden": Outcome(422, Exit.UNREADABLE),
    "file-too-complex": Outcome(422, Exit.UNREADABLE),
    "macro-not-allowed": Outcome(422, Exit.UNREADABLE),
    "active-content": Outcome(422, Exit.UNREADABLE),
    "page-unread": Outcome(422, Exit.UNREADABLE),
    "too-many-pages": Outcome(422, Exit.UNREADABLE),
    "image-too-large": Outcome(422, Exit.UNREADABLE),
    "too-large": Outcome(413, Exit.UNREADABLE),
    "parse-timeout": Outcome(422, Exit.UNREADABLE),
    "parse-crashed": Outcome(422, Exit.UNREADABLE),
    "form-unknown": Outcome(422, Exit.UNREADABLE),
    "bad-filename": Outcome(422, Exit.UNREADABLE),
    "conversion-failed": Outcome(422, Exit.TOOL),
    "ocr-crashed": Outcome(422, Exit.TOOL),
    "sandbox-unavailable": Outcome(503, Exit.TOOL),
    # writing
    "template-unsafe": Outcome(422, Exit.DATA),
    "template-invalid": Outcome(422, Exit.DATA),
    "blank-unknown": Outcome(422, Exit.DATA),
    "edition-refused": Outcome(409, Exit.DATA),
    "illegal-character": Outcome(422, Exit.DATA),
    "words-not-carried": Outcome(422, Exit.DATA),
    "output-check-failed": Outcome(500, Exit.OUTPUT_CHECK),
    "format-unsupported": Outcome(422, Exit.USAGE),
    # the service
    "storage-full": Outcome(507, Exit.STORAGE),
    "database-newer": Outcome(503, Exit.STORAGE),
    "database-unavailable": Outcome(503, Exit.STORAGE),
    "database-address": Outcome(500, Exit.USAGE),
    "database-moved": Outcome(503, Exit.USAGE),
    "database-not-empty": Outcome(409, Exit.USAGE),
    "move-differs": Outcome(500, Exit.INTERNAL),
    "text-unmovable": Outcome(422, Exit.DATA),
    "crypto-self-test-failed": Outcome(503, Exit.STORAGE),
    "key-missing": Outcome(503, Exit.STORAGE),
    "key-wrong": Outcome(503, Exit.STORAGE),
    "sealed-value-damaged": Outcome(500, Exit.STORAGE),
    "audit-heads-altered": Outcome(500, Exit.STORAGE),
    "stored-file-damaged": Outcome(500, Exit.STORAGE),
    "target-not-empty": Outcome(409, Exit.USAGE),
    "backup-damaged": Outcome(422, Exit.UNREADABLE),
    "malware-found": Outcome(422, Exit.UNREADABLE),
    "virus-scan-failed": Outcome(503, Exit.TOOL),
    "file-store-unavailable": Outcome(503, Exit.STORAGE),
    "file-store-address": Outcome(500, Exit.USAGE),
    "not-found": Outcome(404, Exit.NOT_FOUND),
    "no-file-received": Outcome(400, Exit.USAGE),
    "request-timeout": Outcome(408, Exit.USAGE),
    "too-many-parts": Outcome(413, Exit.USAGE),
    "bad-parameter": Outcome(422, Exit.USAGE),
    "unknown-field": Outcome(422, Exit.USAGE),
    "csrf-failed": Outcome(403, Exit.USAGE),
    "idempotency-conflict": Outcome(409, Exit.USAGE),
    # access
    "sign-in-needed": Outcome(401, Exit.USAGE),
    "sign-in-failed": Outcome(401, Exit.USAGE),
    "sign-in-unfinished": Outcome(403, Exit.USAGE),
    "too-many-attempts": Outcome(429, Exit.USAGE),
    "forbidden": Outcome(403, Exit.USAGE),
    "step-up-needed": Outcome(403, Exit.USAGE),
    "approval-needed": Outcome(403, Exit.USAGE),
    "approval-invalid": Outcome(409, Exit.USAGE),
    "password-refused": Outcome(422, Exit.DATA),
    "link-invalid": Outcome(422, Exit.USAGE),
    "account-invalid": Outcome(422, Exit.DATA),
    "account-exists": Outcome(409, Exit.DATA),
    "unit-out-of-reach": Outcome(409, Exit.USAGE),
    "no-ledger": Outcome(422, Exit.DATA),
    "campaign-invalid": Outcome(422, Exit.DATA),
    "campaign-closed": Outcome(409, Exit.USAGE),
    "campaign-stale": Outcome(412, Exit.USAGE),
    "wrong-state": Outcome(409, Exit.USAGE),
    "stale-version": Outcome(412, Exit.USAGE),
    "version-needed": Outcome(428, Exit.USAGE),
    "place-changed": Outcome(412, Exit.USAGE),
    "kind-unknown": Outcome(404, Exit.NOT_FOUND),
    "entry-invalid": Outcome(422, Exit.DATA),
    "open-faults": Outcome(409, Exit.ERRORS_FOUND),
    "reason-needed": Outcome(422, Exit.USAGE),
    "deadline-invalid": Outcome(422, Exit.USAGE),
    "not-markable": Outcome(422, Exit.USAGE),
    "one-correction": Outcome(422, Exit.USAGE),
    "not-late": Outcome(409, Exit.USAGE),
    "nobody-to-remind": Outcome(404, Exit.NOT_FOUND),
    "pack-incomplete": Outcome(409, Exit.ERRORS_FOUND),
    "pack-empty": Outcome(404, Exit.NOT_FOUND),
    "pack-not-printed": Outcome(422, Exit.TOOL),
    "nothing-to-export": Outcome(404, Exit.NOT_FOUND),
    "units-import-refused": Outcome(409, Exit.DATA),
    "not-ready": Outcome(409, Exit.USAGE),
    "result-expired": Outcome(410, Exit.USAGE),
    "method-not-allowed": Outcome(405, Exit.USAGE),
    "host-not-allowed": Outcome(400, Exit.USAGE),
    "settings-invalid": Outcome(500, Exit.USAGE),
    "job-dead": Outcome(500, Exit.INTERNAL),
    "job-timed-out": Outcome(500, Exit.INTERNAL),
    "job-cancelled": Outcome(409, Exit.INTERRUPTED),
}


def outcome_of(fault: FormServiceError) -> Outcome:
    """Status and exit code of a fault."""
    return OUTCOMES[fault.code]


def problem_body(fault: FormServiceError, file: str | None = None) -> dict[str, object]:
    """A fault as JSON, whoever is told of it: code, both sentences, and the file or place it is about."""
    error = {"code": fault.code, "message_zh": fault.message_zh, "message_en": fault.message_en}
    if file is not None:
        error["file"] = file
    if fault.pointer:
        error["pointer"] = fault.pointer
    return {
        "type": f"/problems/{fault.code}",
        "code": fault.code,
        "message": fault.message_zh,
        "message_zh": fault.message_zh,
        "message_en": fault.message_en,
        "errors": [error],
    }

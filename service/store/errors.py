"""Faults of keeping things."""

from __future__ import annotations

from forms.errors import FormServiceError


class StorageFullError(FormServiceError):
    """No room; nothing of this request was kept."""

    code = "storage-full"
    zh = "存储空间不足,未保存"
    en = "Storage is full; nothing was saved"


class TooLargeUploadError(FormServiceError):
    """A file or a body over the limit."""

    code = "too-large"
    zh = "文件超过 {limit} 上限"
    en = "File exceeds the {limit} limit"


class NotFoundError(FormServiceError):
    """No such thing, or none that the caller may know of."""

    code = "not-found"
    zh = "未找到"
    en = "Not found"


class DatabaseNewerError(FormServiceError):
    """A newer program has changed the schema of this database."""

    code = "database-newer"
    zh = "数据库已由更新的程序升级(版本 {found},本程序只到 {newest}),未作改动;请使用更新的程序"
    en = "A newer program has upgraded this database (revision {found}, this one knows {newest}); use the newer program"

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


class BlobDamagedError(FormServiceError):
    """A stored file that no longer has the bytes whose hash is its name."""

    code = "stored-file-damaged"
    zh = "存储的文件已损坏({sha256}…),未提供;请联系管理员从备份恢复"
    en = "A stored file is damaged ({sha256}...) and is not given out; restore it from a backup"


class BlobStoreAwayError(FormServiceError):
    """The store of files cannot be reached; nothing of this request was kept."""

    code = "file-store-unavailable"
    zh = "文件存储暂时连接不上,请稍后重试;本次没有保存"
    en = "The store of files cannot be reached; try again later, nothing was saved"


class BlobAddressError(FormServiceError):
    """``HZFORMS_BLOBS`` is no address of a store of files."""

    code = "file-store-address"
    zh = "HZFORMS_BLOBS 应为空或 s3://桶/前缀"
    en = "HZFORMS_BLOBS is to be empty or s3://bucket/prefix"


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


class DatabaseAwayError(FormServiceError):
    """The database cannot be reached, or something holds it for too long; nothing of this request was kept."""

    code = "database-unavailable"
    zh = "数据库暂时无法使用,本次未保存;请稍后重试"
    en = "The database cannot be used just now and nothing was saved; try again in a moment"


class DatabaseAddressError(FormServiceError):
    """``HZFORMS_DATABASE`` is no address of a database that is supported. It may hold a password."""

    code = "database-address"
    zh = "数据库地址有误:应为 postgresql://用户@主机/库名,或留空使用数据目录中的 SQLite"
    en = "Not a database address: give postgresql://user@host/name, or nothing for SQLite in the data folder"


class DatabaseMovedError(FormServiceError):
    """The SQLite file of this data folder was moved to PostgreSQL, and nothing says where that is."""

    code = "database-moved"
    zh = "本数据目录的数据库已迁到 PostgreSQL,请设置 HZFORMS_DATABASE 后再启动"
    en = "The database of this data folder was moved to PostgreSQL; set HZFORMS_DATABASE"


class DatabaseNotEmptyError(FormServiceError):
    """A move needs an empty target."""

    code = "database-not-empty"
    zh = "目标数据库不是空的,未作改动;请新建一个空数据库"
    en = "The target database is not empty and was not touched; make a new one"


class MoveDiffersError(FormServiceError):
    """What arrived in the other database is not what was sent."""

    code = "move-differs"
    zh = "迁移核对不一致(表 {table}:发出 {sent} 行,收到 {arrived} 行),已撤销,原数据库未改动"
    en = "The move does not compare (table {table}: {sent} rows sent, {arrived} arrived); it was undone"


class UnmovableTextError(FormServiceError):
    """A text with the character NUL."""

    code = "text-unmovable"
    zh = "表 {table} 的 {key} 含有 PostgreSQL 不能保存的空字符,未迁移,原数据库未改动"
    en = "{key} of table {table} holds the character NUL, which PostgreSQL cannot store; nothing was moved"

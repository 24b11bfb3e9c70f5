"""Faults of keys and sealed values. None of them is ever answered by going on without sealing."""

from __future__ import annotations

from forms.errors import FormServiceError


class CryptoSelfTestError(FormServiceError):
    """An algorithm does not compute its published example."""

    code = "crypto-self-test-failed"
    zh = "密码算法自检未通过({names}),已停止启动"
    en = "The cryptographic self-test failed ({names}); the service does not start"


class KeyMissingError(FormServiceError):
    """The database holds sealed values, and the key that opens them is not there."""

    code = "key-missing"
    zh = "数据库已加密,而密钥文件 {path} 不存在;请恢复密钥文件后再启动,程序不会另造新密钥"
    en = "The database is encrypted and its key file {path} is missing; restore the file, no new key is made"


class KeyWrongError(FormServiceError):
    """A key that does not open this database, or a key file that is none."""

    code = "key-wrong"
    zh = "密钥不能用于此数据库({reason_zh}),已停止启动"
    en = "The key does not fit this database ({reason_en}); the service does not start"


class SealedValueError(FormServiceError):
    """A sealed value that was changed, moved to another row, or never sealed."""

    code = "sealed-value-damaged"
    zh = "存储的加密内容被改动或损坏({place}),未采用"
    en = "A stored encrypted value was altered or damaged ({place}) and is not used"

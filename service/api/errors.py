"""Faults that only a request can have."""

from __future__ import annotations

from forms.errors import FormServiceError


class NoFileReceivedError(FormServiceError):
    """A multipart body without a file, cut short, or with a name that cannot be decoded."""

    code = "no-file-received"
    zh = "未收到文件,请检查文件是否选中、文件名编码是否正确,然后重新上传"
    en = "No file was received; choose the file again and check the encoding of its name"


class TooManyPartsError(FormServiceError):
    """More parts or larger form fields than the limits."""

    code = "too-many-parts"
    zh = "表单字段或文件过多"
    en = "Too many form parts"


class BadRequestError(FormServiceError):
    """A body or a parameter of the wrong shape."""

    code = "bad-parameter"
    zh = "请求参数不对({name}):{reason_zh}"
    en = "Bad parameter ({name}): {reason_en}"


class UnknownFieldError(FormServiceError):
    """A key nobody asked for."""

    code = "unknown-field"
    zh = "不允许的字段:{name}"
    en = "Unknown field: {name}"


class CrossSiteError(FormServiceError):
    """A write that another site's page sent."""

    code = "csrf-failed"
    zh = "请求校验失败,请刷新页面后重试"
    en = "The request came from another site; reload the page and try again"


class NotReadyError(FormServiceError):
    """The thing asked for is still being made."""

    code = "not-ready"
    zh = "尚未处理完,请稍后再取"
    en = "Not ready yet; try again later"


class MethodNotAllowedError(FormServiceError):
    """A path that exists, called with a method it does not know."""

    code = "method-not-allowed"
    zh = "不支持的请求方法"
    en = "Method not allowed"


class HostNotAllowedError(FormServiceError):
    """A request under a name that is not this server's: another site's page that turned its name to this address."""

    code = "host-not-allowed"
    zh = "不允许以此主机名访问:{host}"
    en = "This server is not to be called by the name {host}"


class SlowRequestError(FormServiceError):
    """A request that came in too slowly, or stopped in the middle."""

    code = "request-timeout"
    zh = "请求发送过慢或中断,未收完,已断开;请检查网络后重新发送"
    en = "The request came in too slowly or stopped and was not taken; check the network and send it again"

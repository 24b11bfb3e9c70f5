"""Files that cannot be read at all. Codes and sentences are those of the upload gate (docs/errors.md)."""

from __future__ import annotations

from forms.errors import FormServiceError


class DocumentError(FormServiceError):
    """Base of every fault of a file. The original is kept whatever happens."""


class EmptyFileError(DocumentError):
    """No bytes, or only a byte-order mark."""

    code = "empty-file"
    zh = "文件为空"
    en = "File is empty"


class BadFileNameError(DocumentError):
    """A name with characters that nobody sees, or no name at all."""

    code = "bad-filename"
    zh = "文件名含不可见或反向字符,或为空,请改名"
    en = "File name is empty or has invisible or direction-changing characters; rename it"


class ContentMismatchError(DocumentError):
    """The content is not what the ending says, or nothing we read."""

    code = "content-mismatch"
    zh = "文件内容与扩展名不符,或不是可以读取的类型"
    en = "Content does not match the extension, or is of no type that can be read"


class DamagedFileError(DocumentError):
    """Truncated, flipped bits, missing parts."""

    code = "file-damaged"
    zh = "文件已损坏,无法打开(已保留原件)"
    en = "File is damaged and cannot be opened; the original is kept"


class EncryptedFileError(DocumentError):
    """Password protected."""

    code = "file-encrypted"
    zh = "文件已加密,请去除密码后重传"
    en = "File is password-protected; remove the password and send it again"


class ArchiveTooBigError(DocumentError):
    """Unpacked size over the limit."""

    code = "archive-too-big"
    zh = "压缩内容超过上限"
    en = "Unpacked size over the limit"


class ArchiveInvalidError(DocumentError):
    """Overlapping entries, duplicate names, lying sizes."""

    code = "archive-invalid"
    zh = "压缩包结构异常"
    en = "Archive structure is invalid"


class NestedArchiveError(DocumentError):
    """An archive in an archive."""

    code = "nested-archive"
    zh = "不支持多层压缩包"
    en = "Nested archives are not supported"


class ForbiddenXmlError(DocumentError):
    """A document type declaration: entities, external or expanding."""

    code = "xml-forbidden"
    zh = "文件含外部实体"
    en = "File declares external entities"


class TooComplexError(DocumentError):
    """Nested too deep, too many cells, too many attributes."""

    code = "file-too-complex"
    zh = "文件结构过于复杂"
    en = "File structure is too complex"


class MacroError(DocumentError):
    """Contains macros."""

    code = "macro-not-allowed"
    zh = "含宏,已拒绝(可另存为无宏格式)"
    en = "Contains macros; save it in a format without macros"


class ActiveContentError(DocumentError):
    """Embedded programs, external templates, controls, DDE."""

    code = "active-content"
    zh = "文件含嵌入对象或外部链接,已拒绝"
    en = "File has embedded objects or external links and was refused"


class PageUnreadError(DocumentError):
    """Some pages of a file could not be drawn or break off; the others were read."""

    code = "page-unread"
    zh = "第 {pages} 页无法读取或不完整,其余各页已读取"
    en = "Pages {pages} cannot be read or are incomplete; the others were read"


class TooManyPagesError(DocumentError):
    """More pages than the limit."""

    code = "too-many-pages"
    zh = "页数超过上限"
    en = "Too many pages"


class ImageTooLargeError(DocumentError):
    """More pixels than the limit."""

    code = "image-too-large"
    zh = "图片像素超过上限"
    en = "Image has too many pixels"


class TooLargeError(DocumentError):
    """More bytes than the limit."""

    code = "too-large"
    zh = "文件超过 {limit} 上限"
    en = "File exceeds the {limit} limit"


class ParseTimeoutError(DocumentError):
    """The reader did not finish in its time."""

    code = "parse-timeout"
    zh = "解析超时,原件已保存,可重试"
    en = "Parsing timed out; the original is kept and can be tried again"


class ParseCrashedError(DocumentError):
    """The fenced child died."""

    code = "parse-crashed"
    zh = "解析程序异常退出,原件已保存"
    en = "The parser stopped unexpectedly; the original is kept"


class ConversionFailedError(DocumentError):
    """LibreOffice gave nothing that can be used."""

    code = "conversion-failed"
    zh = "格式转换失败:{reason}"
    en = "Conversion failed: {reason}"


class OcrCrashedError(DocumentError):
    """The OCR engine died; its cell or page is left for a person."""

    code = "ocr-crashed"
    zh = "OCR 引擎异常退出,已自动重试"
    en = "The OCR engine stopped unexpectedly and was tried again"


class SandboxUnavailableError(DocumentError):
    """No fence that keeps a converter from the network is to be had."""

    code = "sandbox-unavailable"
    zh = "本机无法隔离转换程序,已停止转换"
    en = "No sandbox is available to run the converter in"


class FormUnknownError(DocumentError):
    """The file was read, and none of our forms is in it."""

    code = "form-unknown"
    zh = "认不出是哪一种表;如果确实是本项目的表,请指明表的种类再读"
    en = "None of the known forms was recognised; name the form and read again if it is one"


class FormatUnsupportedError(DocumentError):
    """A kind of file that is recognised and not read here."""

    code = "format-unsupported"
    zh = "暂不能读取 {format} 文件"
    en = "Files of the format {format} cannot be read"

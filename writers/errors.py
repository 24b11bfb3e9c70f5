"""Why a form cannot be filled. What people wrote wrongly is a finding; these stop the work."""

from __future__ import annotations

from forms.errors import FormServiceError
from forms.finding import Finding


class WriterError(FormServiceError):
    """Base of every fault of a template or of an output."""


class TemplateUnsafeError(WriterError):
    """The official file holds an expression that could run code, or one outside the allowed list."""

    code = "template-unsafe"
    zh = "模板含不允许的表达式({place}):{expression}"
    en = "The template uses a forbidden expression ({place}): {expression}"


class TemplateInvalidError(WriterError):
    """The official file and its definition do not fit. ``faults`` names every fault, one a line."""

    code = "template-invalid"
    zh = "模板与表定义不符:\n{faults}"
    en = "The template does not fit its definition:\n{faults}"


class IllegalCharacterError(WriterError):
    """A value holds a character that no Office file can carry; ``places`` lists where."""

    code = "illegal-character"
    zh = "数据含文件无法保存的字符,未生成文件:{places}"
    en = "The data has characters that the file cannot carry; nothing was written: {places}"
    findings: tuple[Finding, ...] = ()
    """Each place as a finding, for the caller in the same process."""


class OutputCheckFailedError(WriterError):
    """Our own reader does not give back what was asked for; the file is not handed out."""

    code = "output-check-failed"
    zh = "生成的文件读回后与数据不一致,已停止输出:{differences}"
    en = "The file that was made does not read back as the data; it is not handed out: {differences}"


class WordsNotCarriedError(WriterError):
    """Words of the data would be read as part of the form itself; ``places`` lists where and which."""

    code = "words-not-carried"
    zh = "有内容与表上印的栏目名称、合计或填写提示相同,填入后无法分辨,未生成文件,请改写:{places}"
    en = "The data has words that cannot be told from what the form itself says; nothing was made, reword: {places}"


class FormatUnsupportedError(WriterError):
    """The form has no official file of this format, nor one it can be made from."""

    code = "format-unsupported"
    zh = "{form} 不能生成 {asked} 格式,可用:{available}"
    en = "{form} cannot be made as {asked}; available: {available}"


class BlankUnknownError(WriterError):
    """A blank in which the labels of the form were not found."""

    code = "blank-unknown"
    zh = "没有在文件里认出“{form}”的栏目,不能据此另做一版"
    en = "The labels of {form} were not found in the file; no edition can be made of it"


class EditionRefusedError(WriterError):
    """A new edition that may not be taken into use: it does not read back, exists already, or is still needed."""

    code = "edition-refused"
    zh = "新版不能启用:{reason}"
    en = "The edition is refused: {reason}"

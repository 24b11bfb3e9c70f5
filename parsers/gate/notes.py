"""What the gate let pass with a word, as findings: it is in the file and was not used."""

from __future__ import annotations

from collections.abc import Iterable

from forms.finding import Finding, Severity

SENTENCES: dict[str, tuple[Severity, str]] = {
    "extension-differs": (Severity.INFO, "文件的扩展名与内容不一致,已按内容读取"),
    "embedded-file-ignored": (Severity.WARNING, "文件中嵌有别的文件,没有读取,请确认其中没有要填报的内容"),
    "external-links-ignored": (Severity.WARNING, "工作簿引用了别的文件,引用处按保存时的值读取,请确认"),
    "formula-ignored": (Severity.WARNING, "表中有公式,没有重新计算,按文件保存的结果读取,请确认"),
    "local-template-ignored": (Severity.INFO, "文件附有填表人电脑上的模板,没有使用"),
    "pdf-active-content": (Severity.WARNING, "PDF 含脚本或启动程序的动作,没有执行;请勿直接打开原件"),
    "pdf-attachments-ignored": (Severity.WARNING, "PDF 带有附件,没有读取,请确认其中没有要填报的内容"),
    "pdf-xfa": (Severity.WARNING, "PDF 含动态表单(XFA),只读取了页面上看得见的内容,请对照原件确认"),
    "ofd-signature-unread": (Severity.WARNING, "OFD 带有电子签章,没有读取和核验,请用阅读器核对"),
}


def findings_of(notes: Iterable[str]) -> tuple[Finding, ...]:
    """A finding for each note of the gate; notes of others are passed over."""
    return tuple(
        Finding(code=note, path="", message=SENTENCES[note][1], severity=SENTENCES[note][0])
        for note in dict.fromkeys(notes)
        if note in SENTENCES
    )

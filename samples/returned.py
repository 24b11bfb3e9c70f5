"""Returned files as offices make them: our five forms under other words and in other layouts, with faults in them.

    python -m samples.returned        writes samples/files/ anew

Everything is invented; what each file exercises stands in samples/README.md. The goldens of tests/golden are what the
program reads from these files.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from docx import Document
from docx.document import Document as WordDocument
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

FILES = Path(__file__).parent / "files"
IDS = (
    "320799198402168799",
    "320799196901017662",
    "320799198208101232",
    "320799197008088622",
    "320799197005239683",
    "320799196807269783",
)


def cleared_in_groups() -> Workbook:
    """附件2 with a two-level head, group rows, 小计, a merged unit, 同上 and an ID number stored as a number."""
    book, sheet = _book()
    _rows(
        sheet,
        ["海州区机关事业单位编外用工清退汇总表"],
        [
            "填报单位",
            "海州区教育局",
            None,
            "填报日期",
            "2026.8.20",
            None,
            "联系人",
            "李四",
            "联系电话",
            "0518-85605580",
        ],
        "序号 用工单位 姓名 性别 身份证号码 文化程度 岗位 合同期限 _ 用工形式 经费来源 清退时间 清退方式".replace(
            "_", "\0"
        ).split(),
        [None] * 7 + ["起", "止"],
        ["一、机关本级"],
        [
            1,
            "海州区教育局",
            "王芳",
            "女",
            IDS[1],
            "大专",
            "打字员",
            "2024.1.1",
            "2026.12.31",
            "劳务派遣",
            "财政拨款",
            "2026.7.25",
            "合同期满终止",
        ],
        [
            2,
            None,
            "李 强",
            "男",
            IDS[2],
            "本科",
            "驾驶员",
            "2023-07-01",
            "2026-06-30",
            "合同工",
            "财政拨款",
            "7月26日",
            "协商解除",
        ],
        ["小计", None, "2人"],
        ["二、下属单位"],
        [
            3,
            "新海初级中学",
            "张三",
            "男",
            IDS[0],
            "研究生",
            "保安",
            "2024/1/1",
            "2026/12/31",
            "同上",
            "〃",
            "2026年7月30日",
            "退回派遣单位",
        ],
        [
            4,
            "新海初级中学",
            "李四",
            "女",
            int(IDS[3]),
            "初中",
            "保洁",
            "2024-02-30",
            "长期",
            "同上",
            "同上",
            "2026-08-01",
            "本人辞职",
        ],
        ["合计", None, "4人"],
        ["单位负责人：赵六", "", "填表人：钱七"],
    )
    for area in ("A1:M1", "H3:I3", "A5:M5", "A9:M9", "B6:B7", *(f"{letter}3:{letter}4" for letter in "ABCDEFGJKLM")):
        sheet.merge_cells(area)
    return book


def several_sheets() -> Workbook:
    """附件3 and 附件2 in one workbook, a hidden sheet, a struck-out row, a 15-digit ID, 无 and 返聘."""
    book, sheet = _book("附件3")
    heads = (
        "序号 单位 姓名 性别 身份证 学历 岗位 岗位性质 用工方式 "
        "入职时间 是否签订劳动合同 合同甲方 合同起止日期 经费渠道 月工资 留用原因 处置意见 审批意见 备注"
    )
    town, reason = "浦南镇人民政府", "负责全镇水电设施检修，持证上岗"
    _rows(
        sheet,
        ["附件3：编外用工保留人员汇总表"],
        ["填报单位（盖章）：浦南镇人民政府    填报时间：2026年8月25日"],
        heads.split(),
        [
            1,
            town,
            "王五",
            "女",
            IDS[4],
            "高中",
            "水电工",
            "服务性",
            "单位直签劳动合同",
            "2019.3",
            "是",
            town,
            "2024.1.1-2026.12.31",
            "单位自筹",
            3000,
            reason,
            "履行合同至期满",
            "镇党委会研究同意",
            "",
        ],
        [
            2,
            town,
            "赵六(已离职)",
            "女",
            IDS[5],
            "高中",
            "水电工",
            "服务性",
            "临时工",
            "2019-3-1",
            "否",
            "",
            "",
            "单位自筹",
            3000,
            "工作需要",
            "",
            "",
            "",
        ],
        [
            3,
            town,
            "孙七",
            "女",
            IDS[0][:15],
            "高中",
            "保洁",
            "服务性",
            "返聘",
            "2019-3-1",
            "无",
            "",
            "自2024年1月1日至2026年12月31日",
            "单位自筹",
            3000,
            reason,
            "履行合同至期满",
            "",
            "",
        ],
    )
    for cell in sheet[5]:
        cell.font = Font(strike=True)
    hidden = book.create_sheet("旧数据")
    hidden.sheet_state = "hidden"
    _rows(hidden, ["序号", "姓名", "身份证号"], [1, "旧人", IDS[2]])
    _rows(
        book.create_sheet("附件2"),
        ["编外用工清退汇总表"],
        ["填报单位：浦南镇人民政府"],
        ["序号", "用工单位", "姓名", "性别", "身份证号", "岗位", "清退时间", "清退方式", "补偿金额(元)"],
        [1, town, "周八", "男", IDS[2], "司机", "2026-7-30", "协商解除", "12,000元"],
    )
    return book


def loans_in_combined_columns() -> Workbook:
    """附件1 with 单位及职务 and 借调起止时间 in one column each, 党员, 至今 and an unknown column."""
    book, sheet = _book()
    heads = (
        "序号 姓名 性别 出生年月 公民身份号码 政治面貌 学历 现工作单位及职务 "
        "上级主管部门 人员身份 现借用单位 从事工作 借调理由 借调起止时间 审批情况 处理意见 血型"
    )
    _rows(
        sheet,
        ["借用人员备案表"],
        ["单位名称：海州区民政局", "", "", "", "填报日期：2026-08-20"],
        heads.split(),
        [
            1,
            "钱一",
            "男",
            "1984.02",
            IDS[0],
            "党员",
            "本科",
            "海州区教育局 科员",
            "海州区教育局",
            "公务员",
            "海州区民政局",
            "综合岗",
            "重点工作",
            "2026.3-2026.12",
            "是",
            "继续借用",
            "A",
        ],
        [
            2,
            "孙二",
            "女",
            "1969.01",
            IDS[1],
            "中共党员",
            "大学本科",
            "板浦镇中心卫生院 护士长",
            "海州区卫健委",
            "事业",
            "海州区民政局",
            "低保核查",
            "阶段性任务",
            "2026年3月1日至今",
            "否",
            "期满返回",
            "O",
        ],
    )
    return book


def approval_card() -> WordDocument:
    """附件4 as another office draws it: three pairs a row, other words, ticks, typed opinions, 同单位意见."""
    document = Document()
    document.add_paragraph("附件4")
    document.add_paragraph("机关事业单位借调人员审批表")
    document.add_paragraph("填表日期：2026年2月10日            编号：2026-031")
    pairs = [
        ("姓    名", "董 梁"),
        ("性别", "男"),
        ("出生年月", "1984.02"),
        ("民族", "汉族"),
        ("政治面目", "群众"),
        ("参加工作年月", "2006.08"),
        ("文化程度", "大学本科"),
        ("毕业院校", "示例工学院 计算机"),
        ("公民身份号码", IDS[0]),
        ("手机", "13397085726"),
        ("原单位", "海州区教育局"),
        ("现任职务", "科员"),
        ("原单位主管部门", "海州区教育局"),
        ("身份", "事业(管理)"),
        ("借调单位", "海州区民政局"),
        ("借入单位主管部门", "海州区民政局"),
        ("借调岗位", "综合岗"),
        ("借调起止时间", "自2026年3月1日至2026年12月31日，共10个月"),
        ("事由类别", "□区委区政府临时性重要任务 ☑重点工作 □阶段性季节性工作"),
        ("借用理由", "承担农村人居环境整治重点工作，专班人手不足"),
        ("核定编制数", "20"),
        ("实有人数", "18"),
        ("现借用人数", "1"),
        ("备    注", ""),
    ]
    table = document.add_table(0, 6)
    table.style = "Table Grid"
    for start in range(0, len(pairs), 3):
        cells = table.add_row().cells
        for place, (label, value) in enumerate(pairs[start : start + 3]):
            cells[2 * place].text, cells[2 * place + 1].text = label, value
    boxes = [
        ("原单位意见", "同意借出\n负责人签字：周某\n2026年2月12日", "借出单位主管部门意见", "同单位意见"),
        ("接收单位意见", "同意\n2026年2月15日", "借入单位主管部门意见", "/"),
        ("借出单位区分管领导意见", "同意 2026年2月18日", "借入单位区分管领导意见", "    年  月  日"),
    ]
    for left, one, right, other in boxes:
        cells = table.add_row().cells
        cells[0].text, cells[1].merge(cells[2]).text = left, one
        cells[3].text, cells[4].merge(cells[5]).text = right, other
    return document


MAKERS: dict[str, Callable[[], Workbook | WordDocument]] = {
    "附件1_合并栏.xlsx": loans_in_combined_columns,
    "附件2_分组小计.xlsx": cleared_in_groups,
    "附件3_多表隐藏页.xlsx": several_sheets,
    "附件4_他单位版式.docx": approval_card,
}


def _book(title: str = "Sheet1") -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError
    sheet.title = title
    return book, sheet


def _rows(sheet: Worksheet, *rows: Sequence[object]) -> None:
    for row in rows:
        sheet.append([None if value == "\0" else value for value in row])


def _stable(content: bytes) -> bytes:
    """The same zip with no times in it, so that the same code makes the same bytes."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name == "docProps/core.xml":
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                target.writestr(entry, _CORE, zipfile.ZIP_DEFLATED)
                continue
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), source.read(name), zipfile.ZIP_DEFLATED)
    return result.getvalue()


_CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)


def main() -> None:
    """Write the files."""
    FILES.mkdir(exist_ok=True)
    for name, make in MAKERS.items():
        buffer = io.BytesIO()
        make().save(buffer)
        (FILES / name).write_bytes(_stable(buffer.getvalue()))
        print(name)


if __name__ == "__main__":
    main()

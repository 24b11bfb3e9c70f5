"""The 总结报告 and 核查报告 of a consolidation, and its subtotals as a workbook."""

from writers.reports.review import review_report
from writers.reports.shapes import About, OpenFinding
from writers.reports.summary import summary_report

__all__ = ["About", "OpenFinding", "review_report", "summary_report"]

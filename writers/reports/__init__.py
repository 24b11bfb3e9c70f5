"""The 总结报告 and 核查报告 of a consolidation, and its subtotals as a workbook."""

from writers.reports.review import review_report
from writers.reports.shapes import About, OpenFinding
from writers.reports.sheets import consolidated_file, subtotals_workbook
from writers.reports.summary import summary_report

__all__ = ["About", "OpenFinding", "consolidated_file", "review_report", "subtotals_workbook", "summary_report"]

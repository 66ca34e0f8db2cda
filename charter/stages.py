"""The life of a report: the one table of steps, from where, by whom, and what they need.

Two people at least: whoever prepared or submitted a report neither approves nor publishes it.
"""

from dataclasses import dataclass

from charter.choices import ReportStatus

IN_WORK = frozenset({ReportStatus.DRAFT, ReportStatus.RETURNED})
PREPARE, PUBLISH = "charter.prepare_report", "charter.publish_report"


@dataclass(frozen=True)
class Step:
    """One thing that may be done with a report; `needs_note` when it is not done without a reason in words."""

    begins: frozenset[ReportStatus]
    ends: ReportStatus
    by: str
    by_another: bool = False
    needs_note: bool = False


STEPS: dict[str, Step] = {
    "submit": Step(IN_WORK, ReportStatus.SUBMITTED, PREPARE),
    "send_back": Step(
        frozenset({ReportStatus.SUBMITTED, ReportStatus.APPROVED}),
        ReportStatus.RETURNED,
        PUBLISH,
        needs_note=True,
    ),
    "approve": Step(frozenset({ReportStatus.SUBMITTED}), ReportStatus.APPROVED, PUBLISH, by_another=True),
    "publish": Step(frozenset({ReportStatus.APPROVED}), ReportStatus.PUBLISHED, PUBLISH, by_another=True),
    "discard": Step(IN_WORK, ReportStatus.DISCARDED, PREPARE, needs_note=True),
}
EDITABLE = IN_WORK
# Steps that lead to publishing; what is sent back or discarded does not.
FORWARD = frozenset({"submit", "approve", "publish"})
# What changes nothing that the PDF says.
KEEPS_PDF = frozenset({"publish", "discard"})

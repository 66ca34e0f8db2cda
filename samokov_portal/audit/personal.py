"""Which columns tell of a person, or hold words that somebody wrote: what an erasure takes out, also of history.

A seal covers them only through a salted digest of its own, which stays when they go. So this is to be decided before a
row is sealed: a column that joins the list later can be erased only in what is sealed from then on.
"""

# By the label of the model. The reason that staff give for a change is among them in every history.
PERSONAL: dict[str, tuple[str, ...]] = {
    "feedback.Attachment": ("name", "received_sha256", "sha256"),
    "feedback.Case": (
        "subject",
        "text",
        "act_reference",
        "place",
        "name",
        "address",
        "email",
        "phone",
        "answer",
        "late_reason",
    ),
    "feedback.CaseEvent": ("note",),
    "feedback.ExtensionRequest": ("reason", "answer"),
    "feedback.InternalNote": ("text",),
    "feedback.Letter": ("recipient", "address", "subject", "text", "last_error", "confirmation"),
    "feedback.Question": ("text", "reply"),
    "feedback.Rating": ("comment",),
    "feedback.Reopening": ("reason", "answer"),
    "services.Application": ("applicant_name", "applicant_contact", "text", "outcome_note", "late_reason"),
    "services.ApplicationEvent": ("note",),
    "charter.ReportStep": ("note",),
    "charter.Comment": ("words", "name", "answer", "hidden_reason"),
    "audit.Tombstone": (),
    "staff.StaffEvent": (),
    "staff.StaffUser": ("first_name", "last_name", "email", "position"),
}
REASON = "history_change_reason"
# Whatever is erased is one of these, or a part of one; the field by which its tombstone names it.
MATTERS = {"feedback.Case": "number", "services.Application": "number", "charter.Comment": "id"}

"""All pages of the portal by the names of their addresses, and the addresses that are none."""

from django.urls import get_resolver

from tests.test_architecture import patterns

NO_PAGE = {
    # for programs
    *("healthz", "readyz", "api_standards", "api_services", "api_seals", "api_term", "api_cpsv", "api_dcat"),
    *("api_cases", "api_cases_csv", "api_schema"),
    *(f"open311:{what}" for what in ("discovery", "services", "service_definition", "requests", "one_request")),
    "open311:number_of_token",
    *("robots", "sitemap", "security", "deadlines_calendar", "feed_reports", "feed_charter", "feed_services"),
    *("charter:keys", "search:suggest", "frontdesk:log_people", "frontdesk:log_offers"),
    # a part of the page that asks for it
    "feedback:similar",
    # files and papers
    *("charter:standard_cases_csv", "charter:consultation_csv", "charter:report_pdf", "charter:report_csv"),
    *("charter:report_json", "charter:report_file", "charter:desk_report_pdf"),
    *(
        "feedback:export_file",
        "frontdesk:print_file",
        "feedback:track_file",
        "feedback:case_file",
        "frontdesk:case_receipt",
    ),
    *("frontdesk:case_protocol", "frontdesk:case_label", "frontdesk:application_receipt", "frontdesk:letter_paper"),
    *("frontdesk:application_protocol", "frontdesk:application_label"),
    # lead on to another page, and show what is wrong on the page they were sent from
    *("logout", "admin_login", "kept_forget", "second_factor_remove", "services:opinion"),
    *("charter:secretary_count", "charter:observation_withdraw", "charter:desk_consultation_announce"),
    *("charter:desk_consultation_publish", "charter:desk_comment_hide", "charter:desk_report_prepare"),
    "charter:desk_report_step",
    *(f"services:application_{step}" for step in ("visit", "check", "defects", "mend", "tell", "set_fee", "pay")),
    *(f"services:application_{step}" for step in ("finish", "refuse", "leave", "withdraw", "hand_over")),
    *(f"feedback:track_{step}" for step in ("leave", "add", "reply", "withdraw", "rate", "reopen")),
    *(f"services:draft_{step}" for step in ("schedule", "publish", "withdraw", "rebase", "check")),
    *(f"charter:charter_draft_{step}" for step in ("schedule", "publish", "withdraw", "rebase", "check")),
    *("services:catalogue_export", "services:catalogue_import_draft"),
    *("feedback:filter_save", "feedback:filter_remove", "feedback:letter_handed"),
    *("feedback:letter_retry", "feedback:letter_confirm", "feedback:letters_handed"),
    *("frontdesk:print_letters", "frontdesk:print_again", "login_eauth"),
    *(f"feedback:case_{step}" for step in ("attach", "fill", "ask_extension", "refuse_extension", "note", "assign")),
    *(f"feedback:case_{step}" for step in ("requalify", "ask", "record_reply", "lapse", "forward", "extend", "end")),
    *(f"feedback:case_{step}" for step in ("answer", "notify", "close", "record_withdrawal", "merge")),
    "feedback:case_separate",
}
# Pages that a test comes to by a form or by an address of its own making, so that it does not name them.
BY_A_FORM = {"feedback:track_receipt", "feedback:cases_merge"}


def named() -> set[str]:
    """The names of all addresses of ours."""
    return {f"{namespace}:{entry.name}".removeprefix(":") for namespace, entry in patterns(get_resolver())}

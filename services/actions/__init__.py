"""Changes of an application for a service: each atomic, with the acting person and the moment passed in, and with a
named refusal.

Which change is possible from where, and for whom, stands in one table: services.life.
"""

from services.actions.calendar import move_application, shift_of
from services.actions.erasing import erase_application
from services.actions.refusals import AlreadyErased, NotOffered, Refused, StillInWork
from services.actions.register import give_access_code, log_application, offer_of, record_visit
from services.actions.work import (
    ACTIONS,
    check_application,
    finish_application,
    hand_over_application,
    leave_application,
    record_mending,
    record_payment,
    refuse_application,
    set_fee,
    tell_defects,
    tell_due_date,
    withdraw_application,
)

__all__ = [
    "ACTIONS",
    "AlreadyErased",
    "NotOffered",
    "Refused",
    "StillInWork",
    "check_application",
    "erase_application",
    "finish_application",
    "give_access_code",
    "hand_over_application",
    "leave_application",
    "log_application",
    "move_application",
    "offer_of",
    "record_mending",
    "record_payment",
    "record_visit",
    "refuse_application",
    "set_fee",
    "shift_of",
    "tell_defects",
    "tell_due_date",
    "withdraw_application",
]

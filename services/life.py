"""The life of an application: the one table of what may be done to it, from where, by whom, and what is told of it.

What is not in the table is refused by the server, whatever a page shows. Who reads it: `actions`, which carry the moves
out, and the desk, which offers only what may be done.
"""

from dataclasses import dataclass

from services.choices import OPEN_STATUSES, ApplicationEventKind, ApplicationStatus, Notice

OPEN = frozenset(OPEN_STATUSES)
# The term runs, and the act may be given.
RUNNING = frozenset({ApplicationStatus.RECEIVED, ApplicationStatus.IN_WORK})
# A fee may be found to be due, or come by bank, until the document is taken.
WITH_FEE = OPEN | {ApplicationStatus.READY}

WORKS = "services.complete_application"
LOGS = "services.log_application"


@dataclass(frozen=True)
class Move:
    """One thing that may happen to an application.

    Whoever has one of the permissions `by` may. `ends` is the state afterwards, None where it stays as it is; `needs`
    are what must be given; `tells` is the letter that goes to the applicant in the same transaction.
    """

    begins: frozenset[ApplicationStatus]
    ends: ApplicationStatus | None
    event: ApplicationEventKind
    by: tuple[str, ...]
    needs: tuple[str, ...] = ()
    tells: Notice | None = None
    source: str = ""


MOVES: dict[str, Move] = {
    "check": Move(
        frozenset({ApplicationStatus.RECEIVED}), ApplicationStatus.IN_WORK, ApplicationEventKind.CHECKED, (WORKS,)
    ),
    "defects": Move(
        RUNNING,
        ApplicationStatus.DEFECTS,
        ApplicationEventKind.DEFECTS,
        (WORKS,),
        needs=("defects",),
        tells=Notice.DEFECTS,
        source="АПК, чл. 30",
    ),
    "mend": Move(
        frozenset({ApplicationStatus.DEFECTS}),
        ApplicationStatus.IN_WORK,
        ApplicationEventKind.MENDED,
        (WORKS, LOGS),
        needs=("how",),
        tells=Notice.MENDED,
    ),
    "tell": Move(OPEN, None, ApplicationEventKind.TOLD, (WORKS, LOGS), source="АПК, чл. 26, ал. 1"),
    "set_fee": Move(WITH_FEE, None, ApplicationEventKind.FEE, (WORKS, LOGS), needs=("fee", "reason")),
    "pay": Move(WITH_FEE, None, ApplicationEventKind.PAID, (WORKS, LOGS), needs=("paid",)),
    "finish": Move(RUNNING, ApplicationStatus.READY, ApplicationEventKind.READY, (WORKS,), tells=Notice.READY),
    "refuse": Move(
        RUNNING,
        ApplicationStatus.REFUSED,
        ApplicationEventKind.REFUSED,
        (WORKS,),
        needs=("reasons",),
        tells=Notice.REFUSED,
        source="АПК, чл. 59",
    ),
    "leave": Move(
        frozenset({ApplicationStatus.DEFECTS}),
        ApplicationStatus.NO_PROCEEDINGS,
        ApplicationEventKind.NO_PROCEEDINGS,
        (WORKS,),
        needs=("reason",),
        tells=Notice.LEFT,
        source="АПК, чл. 30",
    ),
    "withdraw": Move(
        OPEN,
        ApplicationStatus.WITHDRAWN,
        ApplicationEventKind.WITHDRAWN,
        (WORKS, LOGS),
        needs=("how",),
        tells=Notice.WITHDRAWN,
    ),
    "hand_over": Move(
        frozenset({ApplicationStatus.READY}),
        ApplicationStatus.HANDED_OVER,
        ApplicationEventKind.HANDED_OVER,
        (WORKS,),
        needs=("how",),
    ),
}

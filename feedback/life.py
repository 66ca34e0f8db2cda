"""The life of a case: the one table of what may be done to it, from where, by whom, and what the sender is told.

What is not in the table is refused by the server, whatever a page shows. Who reads it: `actions`, which carry the moves
out; the desk and the citizen's page, which offer only what may be done.
"""

from dataclasses import dataclass

from feedback.choices import LetterKind, Status

OPEN_FOR_WORK = frozenset({Status.REGISTERED, Status.ASSIGNED, Status.REOPENED})
FIRST_ROUND = frozenset({Status.REGISTERED, Status.ASSIGNED})
WAITING_TOO = frozenset({Status.REGISTERED, Status.ASSIGNED, Status.CLARIFICATION})
ANSWERED = frozenset({Status.NOTIFIED, Status.CLOSED})

# Who may: a permission of staff, or one of these.
SENDER = "sender"  # whoever holds the number and the access code
PORTAL = "portal"  # the worker, when what was waited for has happened


@dataclass(frozen=True)
class Move:
    """One thing that may happen to a case.

    `by` says who may; `also` is a second permission that lets one begin, where what is given decides which it takes.
    `ends` is the state afterwards: None where it depends on the case or stays as it is. `needs` are what must be given;
    `tells` is the letter that goes to the sender in the same transaction.
    """

    begins: frozenset[Status]
    ends: Status | None
    by: str
    needs: tuple[str, ...] = ()
    tells: LetterKind | None = None
    source: str = ""
    also: str = ""
    # Also of a case that awaits the answer of the one it is tied to; every other move is made on that one.
    tied: bool = False

    @property
    def permissions(self) -> tuple[str, ...]:
        """Any one of these lets an official begin the move; none where it is not for officials."""
        return () if self.by in (SENDER, PORTAL) else tuple(name for name in (self.by, self.also) if name)


MOVES: dict[str, Move] = {
    "assign": Move(OPEN_FOR_WORK, None, "feedback.assign_case", needs=("unit",)),
    "requalify": Move(
        FIRST_ROUND,
        None,
        "feedback.assign_case",
        needs=("kind", "reason"),
        tells=LetterKind.REQUALIFIED,
        source="гледа се съдържанието, а не наименованието",
    ),
    "ask": Move(
        FIRST_ROUND,
        Status.CLARIFICATION,
        "feedback.answer_case",
        needs=("question",),
        tells=LetterKind.QUESTION,
        source="АПК, чл. 111, ал. 3; чл. 114",
    ),
    "reply": Move(frozenset({Status.CLARIFICATION}), None, SENDER, needs=("text",)),
    "record_reply": Move(frozenset({Status.CLARIFICATION}), None, "feedback.answer_case", needs=("text",)),
    "lapse": Move(frozenset({Status.CLARIFICATION}), None, "feedback.answer_case"),
    "forward": Move(
        FIRST_ROUND,
        Status.FORWARDING,
        "feedback.forward_case",
        needs=("bodies", "reason"),
        source="АПК, чл. 112",
    ),
    # The sender is told when it has really left, not when somebody decided that it should.
    "forwarded": Move(
        frozenset({Status.FORWARDING}),
        Status.FORWARDED,
        PORTAL,
        tells=LetterKind.FORWARDED,
        source="АПК, чл. 112",
        tied=True,
    ),
    # Which of the two bodies may is said by the ground: legal.grounds.
    "extend": Move(
        FIRST_ROUND,
        None,
        "feedback.answer_case",
        also="feedback.extend_case",
        needs=("ground", "due_on", "reason"),
        tells=LetterKind.EXTENDED,
        source="АПК, чл. 118, ал. 2 и чл. 121; ЗДОИ, чл. 30 и 31",
        tied=True,
    ),
    "end": Move(
        WAITING_TOO,
        Status.NO_PROCEEDINGS,
        "feedback.answer_case",
        needs=("ground", "reason"),
        tells=LetterKind.ENDED,
        source="АПК, чл. 88, чл. 111, ал. 4 и чл. 124; ЗДОИ, чл. 29",
    ),
    "answer": Move(
        OPEN_FOR_WORK,
        Status.DECIDED,
        "feedback.answer_case",
        needs=("outcome", "answer"),
        tells=LetterKind.DECIDED,
        source="АПК, чл. 118, ал. 1 и чл. 123, ал. 1",
    ),
    # When the decision has gone out by e-mail; whatever goes on paper or by phone is recorded by who did it.
    "notified": Move(frozenset({Status.DECIDED}), Status.NOTIFIED, PORTAL),
    "notify": Move(frozenset({Status.DECIDED}), Status.NOTIFIED, "feedback.answer_case", needs=("how",)),
    "close": Move(frozenset({Status.NOTIFIED}), Status.CLOSED, "feedback.answer_case"),
    "expire": Move(frozenset({Status.NOTIFIED}), Status.CLOSED, PORTAL),
    "add": Move(OPEN_FOR_WORK | {Status.CLARIFICATION}, None, SENDER, needs=("text",), tied=True),
    "withdraw": Move(WAITING_TOO, Status.WITHDRAWN, SENDER, tells=LetterKind.WITHDRAWN, tied=True),
    "record_withdrawal": Move(
        WAITING_TOO, Status.WITHDRAWN, "feedback.answer_case", needs=("how",), tells=LetterKind.WITHDRAWN, tied=True
    ),
    "rate": Move(ANSWERED | {Status.DECIDED}, None, SENDER, needs=("score",)),
    "reopen": Move(ANSWERED, Status.REOPENED, SENDER, needs=("reason",), tells=LetterKind.REOPENED),
    # Each keeps its number, its term and its sender; the answer to the main one is given to each of them (merging).
    "merge": Move(FIRST_ROUND, None, "feedback.merge_case", needs=("main", "reason")),
    "separate": Move(FIRST_ROUND, None, "feedback.merge_case", needs=("reason",), tied=True),
}


def moves_from(status: str, by: str) -> list[str]:
    """The names of the moves that `by` (SENDER, PORTAL or a permission) may make from `status`."""
    return [name for name, move in MOVES.items() if status in move.begins and by in (move.by, move.also)]

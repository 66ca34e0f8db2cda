"""Why a change is refused; each name says it."""

from feedback.models import Case


class Refused(Exception):
    """The change is not allowed as things stand; the text of the subclass says why."""


class ChangedMeanwhile(Refused):
    """Somebody else changed the case after this person had opened its page."""


class NotPossible(Refused):
    """The table of moves does not lead there from where the case stands."""


class NotAllowed(Refused):
    """This person may not make this change."""


class PersonComplainedOf(Refused):
    """Nobody decides on a case that is directed against themselves (АПК, чл. 113)."""


class UnitIsNoMore(Refused):
    """Nobody works in this unit today: it has ended, or has not begun."""


class IsTied(Refused):
    """The case awaits the answer of the one it is tied to: the move is made on that one, or after it is separated."""


class WrongMain(Refused):
    """This case cannot be the main one: the same, of another kind, answered or ended, or of a kind decided apart."""


class NamesSender(Refused):
    """What is said goes to the senders of several cases, and tells one of them of another."""


class WrongOutcome(Refused):
    """The outcome does not belong to this kind of case."""


class WrongGround(Refused):
    """The law does not know this ground for this kind of case, or the facts do not bear it."""


class CannotExtend(Refused):
    """The law knows no extension for this kind, or the new date is not later, or is beyond the cap."""


class NeedsReason(Refused):
    """A change that the citizen is told of needs a reason in words."""


class NeedsName(Refused):
    """There is nobody to answer: no name, or no way to reach them."""


class WindowClosed(Refused):
    """The time in which the sender may ask for this is over."""


class TooOften(Refused):
    """It was done as often as one person may in a day."""


class AlreadyDone(Refused):
    """It was done before, and is done once only."""


class AlreadyFiled(Refused):
    """Exactly the same was registered a short while ago; `case` is what was registered then."""

    def __init__(self, case: Case) -> None:
        super().__init__(str(case))
        self.case = case

"""Why a change is refused; each name says it."""


class Refused(Exception):
    """The change is not allowed as things stand; the text of the subclass says why."""


class ChangedMeanwhile(Refused):
    """Somebody else changed the application after this person had opened its page."""


class NotPossible(Refused):
    """The table of moves does not lead there from where the application stands."""


class NotAllowed(Refused):
    """This person may not make this change."""


class NeedsReason(Refused):
    """What the applicant is told of, or what others must be able to check, needs words (АПК, чл. 59)."""


class WrongAmount(Refused):
    """A fee is not negative, and nobody pays nothing."""


class TermIsOver(Refused):
    """On the last day and after it nothing is left that could stand still: defects told then do not undo a delay."""


class StillTime(Refused):
    """The applicant may still mend the defects."""


class AlreadyTold(Refused):
    """The applicant was told the last day before."""


class NotOffered(Refused):
    """The municipality does not offer this service as such an order."""


class StillInWork(Exception):
    """What somebody still works on, or a letter that has not left, is not erased."""


class AlreadyErased(Exception):
    """It was erased before."""

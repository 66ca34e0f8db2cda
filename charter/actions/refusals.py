"""Why a change of a report or an observation is refused."""


class PeriodNotOver(Exception):
    """Figures are frozen only of a period that has ended by the moment as of which they are counted."""


class AlreadyPublished(Exception):
    """A published report does not change; a correction is a new version."""


class WrongStage(Exception):
    """The report is not where this step begins; somebody may have taken another step meanwhile."""


class ChangedMeanwhile(Exception):
    """Somebody else changed what is on the page since it was opened; nothing of theirs is overwritten unseen."""


class AlreadyInWork(Exception):
    """Somebody is working on a report of the period already."""


class TwoPeopleNeeded(Exception):
    """Whoever prepared or submitted a report cannot be the one who approves or publishes it."""


class NotRendered(Exception):
    """The PDF of the report is not there yet, so there is nothing to publish."""


class NeedsReason(Exception):
    """What is sent back, withdrawn or corrected needs a reason in words."""


class Overtaken(Exception):
    """A report of the period was published after this one was begun as its first."""


class OutOfDate(Exception):
    """The report was changed while it was rendered; what was rendered says something else now."""


class NotExplained(Exception):
    """The figures hold something odd that nobody has explained, or a broken promise without a comment and an action."""


class NotOpen(Exception):
    """The draft is not open for comments today."""


class NothingProposed(Exception):
    """A draft without a single passage is not announced."""


class NotAnswered(Exception):
    """The table of answers is published only when every comment has one."""

"""Public pages that are made once and given to everybody, until something changes that they were made from.

    @public_page
    def catalogue(request): ...

Which tables a page was made from is seen while it is made, so nobody has to say it, and nobody can forget one. The
database itself notes in `Stamp` that a table has changed, at the moment at which the change is seen. A page that
was made also from tables that change all the time, such as cases, is kept for as long as its making is worth.
"""

from samokov_portal.pagestore.remembered import nothing_watched_changes, one_reading, read_beside, remembered
from samokov_portal.pagestore.views import aside, each_time, public_page

__all__ = ["aside", "each_time", "nothing_watched_changes", "one_reading", "public_page", "read_beside", "remembered"]

"""The portal's door under the launcher's granian: the same application, in a process that ends with its parent.

granian's own workers would live on, and hold the port, were it killed together with the launcher.
"""

from samokov_portal.launcher.processes import end_with_parent
from samokov_portal.wsgi import application

__all__ = ["application"]

end_with_parent()

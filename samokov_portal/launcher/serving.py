"""The portal's door under the launcher's granian: the same application, in a process that ends with its parent.

granian's own workers would live on, and hold the port, were it killed together with the launcher.
"""

import multiprocessing
import os
import signal

from samokov_portal.launcher.processes import die_with_parent
from samokov_portal.wsgi import application

__all__ = ["application"]

parent = multiprocessing.parent_process()
if parent is not None and parent.pid is not None and not die_with_parent(parent.pid, signal.SIGKILL):
    os._exit(1)

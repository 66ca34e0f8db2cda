"""The least that can be done: bare Django under the same server, no middleware, one query and one template a page.

A project of its own, whose addresses are never among those of the portal.
"""

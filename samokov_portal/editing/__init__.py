"""Editing what is published: drafts with their life, and whether the links in them answer."""

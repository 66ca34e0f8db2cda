"""The database as Django knows it (`ENGINE`), but for how a kept connection is looked at before it is used again."""

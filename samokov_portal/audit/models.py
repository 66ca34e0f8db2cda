"""The seals of the store."""

"""The guards of the store: no change without history, and no change of history."""

"""`make bench`: a database of made-up cases, and how quick the portal is on it, each figure beside its floor."""

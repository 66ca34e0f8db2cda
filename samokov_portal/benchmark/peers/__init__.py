"""Other people's portals, each with packages of its own, served and asked as ours is in the same run."""

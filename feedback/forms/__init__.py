"""What people may type in, by who types it."""

"""What its keepers do to the whole store: keep to the terms of retention, and serve a person's rights to their data."""

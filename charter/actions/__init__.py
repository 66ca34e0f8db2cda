"""Changes of reports and observations, each atomic, with the acting person and the moment passed in."""

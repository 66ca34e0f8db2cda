"""The law as plain Python: dates in, dates out, every number with its article; nothing here knows Django."""

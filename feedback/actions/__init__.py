"""Changes of a case: each atomic, with the acting person and the moment passed in, and with a named refusal.

Which change is possible from where, and for whom, stands in one table: feedback.life.
"""

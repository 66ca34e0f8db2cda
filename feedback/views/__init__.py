"""Pages, by family: what a citizen sees and what the desk works with."""

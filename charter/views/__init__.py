"""Pages, by family: the charter and its standards, the reports, the calculator of terms."""

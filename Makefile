# The launcher is make's direct child (no shell between), so that it notices when make dies.
PYTHON ?= python3

.PHONY: run test bench

run test bench:
	@$(PYTHON) -m samokov_portal.launcher $@

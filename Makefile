# The launcher is make's direct child (no shell between), so that it notices when make dies.
PYTHON ?= python3

.PHONY: run test bench soak backup restore

run test bench soak backup restore:
	@$(PYTHON) -m samokov_portal.launcher $@

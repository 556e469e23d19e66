# One door for people and CI. `make help` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help setup try test test-lowest chart cluster-test lab fmt lint type generate verify wheel bench corpus docs ci clean
MAKEFLAGS += --no-print-directory

BIN := .venv/bin

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | awk -F'|' '{ printf "make %-12s %s\n", $$1, $$2 }'

setup: ## .venv with the locked packages (needs Python 3.11 or newer, nothing else)
	@scripts/bootstrap

try: setup ## truehop on the example: the findings, then the picture of each port's way
	@printf '\n$$ truehop check examples/seed-guide\n\n'
	@status=0; $(BIN)/truehop check examples/seed-guide || status=$$?; \
	printf '\n$$ truehop path examples/seed-guide\n\n'; \
	$(BIN)/truehop path examples/seed-guide || :; \
	printf '\ntruehop check ended with exit status %s (0 clean, 1 findings, 2 usage, 3 not judged, 4 a rule crashed)\n' "$$status"

test: setup ## all tests that need neither root nor system packages
	@scripts/tool --unless-on-path helm3 helm4 helm-unittest kustomize
	@scripts/wheelhouse >/dev/null
	@scripts/test $(ARGS)

chart: setup ## all about the chart in both Helms, each mutant of each topology too (minutes)
	@scripts/tool --unless-on-path helm3 helm4 helm-unittest
	@$(BIN)/pytest -n 2 --every-mutant tests/chart tests/contracts $(ARGS)

test-lowest: setup ## the unit tests with the lowest allowed versions of the dependencies
	@scripts/lowest $(ARGS)

cluster-test: setup ## tests on a real Kubernetes of one node, made and removed (root, Debian packages), or KUBECONTEXT=yours
ifeq ($(KUBECONTEXT),)
	@$(BIN)/python -m tests.cluster.needs
	@scripts/tool k8s helm3 helm4 traefik coredns kube-router
	@$(BIN)/python -m tests.cluster.prepare
	@$(BIN)/pytest -p no:randomly -n 2 --dist loadfile tests/cluster $(ARGS)
else
	@$(BIN)/python -m tests.cluster.needs --elsewhere
	@scripts/tool --unless-on-path helm3 helm4
	@$(BIN)/pytest -p no:randomly tests/cluster "--kube-context=$(KUBECONTEXT)" $(ARGS)
endif

lab: setup ## real Traefik, HAProxy, nginx, Postfix and Dovecot, row by row against what was recorded (needs root)
	@$(BIN)/python -m tests.lab.needs
	@scripts/tool traefik
	@$(BIN)/python -m tests.lab $(ARGS)

fmt: setup ## format the code, sort the imports
	@$(BIN)/ruff check --quiet --fix --select I,RUF100,RUF022
	@$(BIN)/ruff format --quiet

lint: setup ## style and layers
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/lint-imports --no-logo

type: setup ## types
	@$(BIN)/mypy

generate: setup ## write what is derived: rule pages, catalogue, help text, schemas, the chart's tables
	@$(BIN)/python -m truehop.generate
	@$(BIN)/python -m tools.chart_docs

verify: setup ## what is derived must be fresh
	@$(BIN)/python -m truehop.generate --check
	@$(BIN)/python -m tools.chart_docs --check

wheel: setup ## the wheel in dist/, tried in clean environments of each Python that is here
	@scripts/bootstrap uv build --quiet --wheel --out-dir dist
	@ls dist/*.whl
	@$(BIN)/pytest -q -p no:randomly tests/packaging/test_wheel.py

bench: setup ## speed and memory against kubeconform and kube-score, in ratios
	@scripts/tool kubeconform kube-score
	@PATH="$$PATH:$$(scripts/tool --path)" $(BIN)/python -m benchmarks.bench $(ARGS)

corpus: setup ## each file of DIR=… against our own table of expectations
	@test -n "$(DIR)" || { echo 'usage: make corpus DIR=folder' >&2; exit 2; }
	@$(BIN)/python -m tools.corpus "$(DIR)" $(ARGS)

docs: setup ## the site in site/
	@UV_PROJECT_ENVIRONMENT=.tools/docs scripts/bootstrap uv run --frozen --quiet --only-group docs mkdocs build --strict --quiet
	@echo site/index.html

ci: test test-lowest wheel ## what the workflow runs

clean: ## all that was built or cached here; the environment and the tools too
	@rm -rf .venv .tools .bench .hypothesis .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist site .coverage*

# `make run` and `make test` need Python 3.11 or newer and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
JOBS ?= auto
export PORT

.PHONY: run test soak check bench audit env env-dev browser lock messages clean

run: env ## the whole portal with demonstration content on http://127.0.0.1:8000
	@$(BIN)/python manage.py up --demo

test: env-dev browser ## every test, on throw-away servers
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m "not soak"

soak: env-dev ## long fault and soak runs
	$(BIN)/python -m pytest -m soak

check: env-dev ## formatting, lint, types, import contracts, templates, translations, migrations, deployment
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python manage.py messages check
	$(BIN)/python manage.py makemigrations --check --dry-run
	SITE_URL=https://musharaka.example DEBUG= $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: env-dev ## benchmarks, as ratios against peers run side by side
	$(BIN)/python -m bench

audit: env-dev ## Lighthouse, a second engine and an HTML checker on a portal that runs, where Node or Java are installed
	$(BIN)/python -m accessibility.outside

messages: env-dev ## bring the translation file up to date with the sources
	$(BIN)/python manage.py messages update

env: $(VENV)/.runtime
env-dev: $(VENV)/.dev

# uv is used where it is installed, because it is ten times faster; plain pip does the same.
INSTALL = if command -v uv >/dev/null 2>&1; then uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); \
	else $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1); fi

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=python3.12 or the like.")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(BIN)/python requirements.lock
	@echo "Installing what the portal needs (about a minute the first time) ..."
	@$(call INSTALL,requirements.lock)
	@touch $@

$(VENV)/.dev: $(BIN)/python requirements-dev.lock
	@echo "Installing what the tests need ..."
	@$(call INSTALL,requirements-dev.lock)
	@touch $@ $(VENV)/.runtime

browser:
	@if ! command -v chromium >/dev/null 2>&1 && ! command -v chromium-browser >/dev/null 2>&1 && ! command -v google-chrome >/dev/null 2>&1; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	    apt-get update -q && apt-get install -y -q --no-install-recommends chromium chromium-driver fonts-noto-core; \
	  else echo "The tests need Chromium, its driver and Arabic fonts. Install them with:"; \
	    echo "  sudo apt-get install chromium chromium-driver fonts-noto-core"; exit 1; fi; fi

lock: ## resolve the dependencies again (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q pyproject.toml --group dev -o requirements-dev.lock

clean: ## remove what was installed and made; `var` holds the data of `make run`
	rm -rf $(VENV) var staticfiles

# Two commands matter: `make run` serves the site, `make test` proves it. README.md says the same without make.
# Paths are relative on purpose: the folder of the site may have spaces in its name.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
SITE := $(VENV)/installed-site
TOOLS := $(VENV)/installed-tools

.DEFAULT_GOAL := help
.PHONY: help run dev test check faults storm bench messages pictures

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: $(SITE)  ## serve the site on HOST:PORT (127.0.0.1:8000), after making all it needs
	@exec $(PY) manage.py run

dev: $(SITE)  ## the same for work on the code: reloads, and shows errors in full
	@exec $(PY) manage.py run --autoreload

test: $(TOOLS)  ## every test; those in a browser where there is a Chromium
	@$(PY) -m pytest --numprocesses 2 --dist worksteal $(ARGS)

storm: $(TOOLS)  ## book, move and cancel 2,000 visits while all is killed at random; then count the messages
	@$(PY) -m tests.faults.storm $(ARGS)

faults: $(TOOLS)  ## start, kill and damage the site's processes
	@$(PY) -m pytest tests/faults $(ARGS)

bench: $(TOOLS)  ## measure the pages against a thousand and a million appointments, and the workers
	@IPSC_MODE=development $(PY) manage.py bench $(ARGS)
	@$(PY) -m tests.faults.storm.throughput

# A production environment for Django's own checks; nothing connects to the database it names.
PRODUCTION := IPSC_MODE=production ALLOWED_HOSTS=clinic.example DATABASE_URL=postgres://ipsc@localhost/ipsc \
	SECRET_KEY=a-text-of-some-length-that-signs-nothing-0123456789-abcdefghij

check: $(TOOLS)  ## style, types, templates, missing migrations, safety of a production set-up
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	IPSC_MODE=development $(PY) -m mypy manage.py ipsc faq appointments courses
	$(PY) -m djlint templates --lint --quiet
	IPSC_MODE=development $(PY) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

messages: $(TOOLS)  ## collect the texts to translate, and compile the translations
	IPSC_MODE=development $(PY) manage.py makemessages --locale hi --no-wrap --no-obsolete --add-location file \
		--ignore '$(VENV)/*' --ignore 'var/*' --ignore 'tests/*'
	IPSC_MODE=development $(PY) manage.py compilemessages --locale hi --ignore '$(VENV)'

pictures: $(TOOLS)  ## draw the icons and the card, and take the screenshots of README
	@$(PY) -m tests.pictures $(ARGS)

# Each mark is made when all is installed, and is out of date when a list of requirements changes.
$(TOOLS): tests/requirements.txt $(SITE)
	@echo "Installing the tools for tests and checks."
	@$(PY) -m pip install --quiet --disable-pip-version-check --requirement tests/requirements.txt
	@touch $(TOOLS)

TOO_OLD := "IPSC needs Python 3.11 or newer; $(PYTHON) is %d.%d. Set PYTHON to another."
NO_VENV := "IPSC needs Python's venv module; on Debian and Ubuntu, install the package python3-venv."

$(SITE): requirements.txt
	@command -v $(PYTHON) >/dev/null || { echo "IPSC needs Python 3.11 or newer; there is no $(PYTHON)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; v >= (3, 11) or sys.exit($(TOO_OLD) % v)'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo $(NO_VENV) >&2; exit 1; }
	@echo "Installing what the site needs into $(VENV); the first time this takes a minute."
	@$(PY) -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || $(PYTHON) -m venv --clear $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
	@touch $(SITE)

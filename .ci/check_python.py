"""Stop early, in one line, when the Python at hand is too old; it must itself run on old ones."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(f"Evenkeel needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: make run PYTHON=python3.12")

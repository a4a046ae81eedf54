"""The command line as it is, but with a fixed scorer: for tests that need the service as a process of its own."""

import sys

from service.__main__ import main
from service.commands import serve
from tests.api.scorers import LetterScorer

if __name__ == "__main__":
    serve.load_model = lambda settings: LetterScorer()
    sys.exit(main())

"""The command line as it is, but with the scorer of the browser tests, which knows a few words in four languages."""

import sys

from service.__main__ import main
from service.commands import serve
from tests.browser.keyword_scorer import KeywordScorer

if __name__ == "__main__":
    serve.load_model = lambda settings: KeywordScorer()
    sys.exit(main())

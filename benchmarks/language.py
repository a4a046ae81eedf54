"""Own held-back turns -> accuracy of language identification by length, beside py3langid in the same run.

py3langid is restricted to our four languages; ours may also say `other`, which counts as wrong here.
Vietnamese and Czech once more without diacritics. Run: `python -m benchmarks.language`
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from benchmarks.record import record
from benchmarks.results import write_results
from service.labels import LANGUAGES
from service.scoring.onnx import OnnxScorer, load_scorer
from training.dataset import OWN, examples
from training.noise import strip_diacritics

LENGTHS = {"3 or 4 words": (3, 4), "5 words and more": (5, 10_000)}


def accuracy(scorer: OnnxScorer, rival: LanguageIdentifier, texts: Sequence[str], language: str) -> dict[str, object]:
    """Share of texts whose language is found."""
    ours = [score.language == language for score in scorer.score(list(texts))]
    theirs = [rival.classify(text)[0] == language for text in texts]
    return {
        "rows": len(texts),
        "ours": round(sum(ours) / len(ours), 4),
        "py3langid": round(sum(theirs) / len(theirs), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model-dir", type=Path, default=Path("models"))
    scorer = load_scorer(parser.parse_args().model_dir)
    rival = LanguageIdentifier.from_model_file(MODEL_FILE)
    rival.set_languages(list(LANGUAGES))
    held = [row for split in ("dev", "test") for row in examples(split) if row.source == OWN and row.language_known]
    measured: dict[str, object] = {"model": scorer.model.version}
    for language in LANGUAGES:
        for name, (least, most) in LENGTHS.items():
            texts = [r.text for r in held if r.language == language and least <= len(r.text.split()) <= most]
            measured[f"{language}, {name}"] = accuracy(scorer, rival, texts, language)
            if language in ("vi", "cs"):
                stripped = [strip_diacritics(text) for text in texts]
                measured[f"{language}, {name}, no diacritics"] = accuracy(scorer, rival, stripped, language)
    record("language", measured)
    write_results()


if __name__ == "__main__":
    main()

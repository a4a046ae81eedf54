"""Step 5b: unlabelled text and more knowing models -> rows with their probabilities as targets (build/distil/).

The released model with its n-grams answers in every language; a teacher, any larger checkpoint that
was fine-tuned on the same rows (`training.finetune --base ... --languages en --out build/teacher`),
joins it in the languages it knows, and the mean of both is the target (Hinton et al. 2015). Texts are
informal lines of the corpora, and training rows, whose unknown labels so become known in part.
Run: `python -m training.distil --teacher build/teacher --teacher-languages en`, then `make finetune ARGS="--soft build/distil"`
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence, Set
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import torch

from service.labels import BINARY, BINARY_SLICE, LANGUAGES, SENTIMENT_SLICE, SENTIMENTS
from service.scoring.artefact import CALIBRATION, MODEL, NGRAMS, TOKENIZER, read_json
from service.scoring.calibrate import load_calibration

from .arguments import FACTS as TEACHER_FACTS
from .arguments import classifier, release
from .batches import encode, pad
from .corpora import informal_lines
from .dataset import examples, held_back_keys
from .examples import Example
from .export import load_finetuned
from .fragments import SOURCE as FRAGMENTS
from .paths import BUILD, MODELS, SOURCES
from .predict import open_graph
from .soft import FACTS, soft_example, write
from .sources import text_key

OUT = BUILD / "distil"
PROCESSES = 2
MAX_TOKENS = 96
SHORTEST_CHARS, LONGEST_CHARS = 12, 320
"""What is about as long as a chat turn."""
BATCH = 64
WIDTH = len(BINARY) + len(SENTIMENTS)
TOLD = ("base", "languages", "rows", "rows_digest", "minutes", "steps", "epochs", "loss")
"""What the record of a fine-tuning that learns from these rows says of the teacher."""


def draw_texts(language: str, count: int, rng: random.Random, unseen: Set[str]) -> list[str]:
    """Up to `count` informal lines of one language, none of them held back or for evaluation only."""
    fitting = (line for line in informal_lines(language) if SHORTEST_CHARS <= len(line) <= LONGEST_CHARS)
    lines = {key: line for line in fitting if (key := text_key(line))}
    chosen = [line for key, line in lines.items() if key not in unseen]
    return rng.sample(chosen, min(count, len(chosen)))


def draw_rows(rows: Sequence[Example], language: str, count: int, rng: random.Random) -> list[str]:
    """Up to `count` texts of labelled rows, each once."""
    texts = sorted({r.text for r in rows if r.language == language and r.source != FRAGMENTS})
    return rng.sample(texts, min(count, len(texts)))


def by_release(texts: Sequence[str], language: str, artefact: Path) -> np.ndarray:
    """Calibrated probabilities (n, binary + sentiment) of the released model."""
    parts = [list(texts[start::PROCESSES]) for start in range(PROCESSES)]
    with ProcessPoolExecutor(PROCESSES) as pool:
        found = pool.map(_read_all, parts, [language] * PROCESSES, [artefact] * PROCESSES)
        probabilities = np.empty((len(texts), WIDTH), dtype=np.float32)
        for start, part in enumerate(found):
            probabilities[start::PROCESSES] = part
    return probabilities


def _read_all(texts: Sequence[str], language: str, artefact: Path) -> np.ndarray:
    graph = open_graph(artefact / MODEL, artefact / TOKENIZER, MAX_TOKENS, ngrams=artefact / NGRAMS)
    calibration = load_calibration(artefact / CALIBRATION)
    found = []
    for text in texts:
        answer = calibration.calibrate(graph.logits(text), language)
        found.append(np.concatenate([answer.binary, answer.sentiment]))
    return np.array(found, dtype=np.float32).reshape(len(texts), WIDTH)


def by_teacher(texts: Sequence[str], folder: Path) -> np.ndarray:
    """Probabilities (n, binary + sentiment) of a fine-tuned teacher."""
    model, tokenizer = load_finetuned(folder)
    found = np.empty((len(texts), WIDTH), dtype=np.float32)
    ids = encode(tokenizer, list(texts), MAX_TOKENS)
    order = np.argsort([len(each) for each in ids], kind="stable")
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(order), BATCH):
            at = order[start : start + BATCH]
            logits = model(*pad([ids[i] for i in at], int(tokenizer.pad_token_id or 0))).logits.float()
            parts = torch.sigmoid(logits[:, BINARY_SLICE]), torch.softmax(logits[:, SENTIMENT_SLICE], dim=1)
            found[at] = torch.cat(parts, dim=1).numpy()
    return found


def label(
    language: str, train: Sequence[Example], unseen: Set[str], args: argparse.Namespace, rng: random.Random
) -> list[Example]:
    """The rows of one language; none where it has no texts."""
    taught = args.teacher is not None and language in args.teacher_languages
    texts = draw_texts(language, args.lines * (2 if taught else 1), rng, unseen)
    texts += draw_rows(train, language, args.rows, rng) if taught else []
    if not texts:
        print(json.dumps({"language": language, "texts": 0}), flush=True)
        return []
    found = by_release(texts, language, args.artefact)
    if taught:
        found = (found + by_teacher(texts, args.teacher)) / 2
    means = dict(zip(BINARY, map(float, found.mean(axis=0).round(3)), strict=False))
    print(json.dumps({"language": language, "texts": len(texts), "taught": taught, "mean": means}), flush=True)
    return [soft_example(n, text, language, found[n]) for n, text in enumerate(texts)]


def read_arguments() -> argparse.Namespace:
    """What the command line asks for; whatever is missing is told before hours of work begin."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--from", dest="artefact", type=release, default=str(MODELS), help="an artefact, or a folder of them"
    )
    parser.add_argument("--teacher", type=classifier, help="folder of a fine-tuned teacher")
    parser.add_argument("--teacher-languages", nargs="+", choices=LANGUAGES, help="what it knows. Default: en")
    parser.add_argument(
        "--lines", type=int, default=50_000, help="informal lines of each language; twice as many where the teacher knows it"
    )  # fmt: skip
    parser.add_argument("--rows", type=int, default=100_000, help="texts of labelled rows, in the teacher's languages")
    parser.add_argument("--seed", type=int, default=20261123)
    args = parser.parse_args()
    if args.teacher is None and args.teacher_languages is not None:
        parser.error("--teacher-languages says nothing without --teacher")
    args.teacher_languages = args.teacher_languages or ["en"]
    return args


def main() -> None:
    args = read_arguments()
    rng, train, unseen = random.Random(args.seed), examples("train"), held_back_keys()
    soft = [row for language in LANGUAGES for row in label(language, train, unseen, args, rng)]
    if not soft:
        raise SystemExit(f"distil: no texts; corpora are looked for in {SOURCES / 'corpora'} (EVENKEEL_SOURCES)")
    write(soft, OUT)
    counts = Counter(row.language for row in soft)
    about = {"release": args.artefact.name, "texts": counts, "seed": args.seed, "teacher": None}
    if args.teacher is not None:
        facts = read_json(args.teacher / TEACHER_FACTS)
        about["teacher"] = {key: facts[key] for key in TOLD if key in facts}
    (OUT / FACTS).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""After step 6: two fine-tunings of the same shape -> their weighted mean (build/finetune/).

A fine-tuning and the one that it was carried over from lie in one valley of the loss; the mean of
their weights is better than both (Wortsman et al. 2022), at no cost when scoring. Both stay as they are, so that
several shares can be tried on dev.
Run: `python -m training.average --later build/second --earlier build/first --share 0.65`
"""

import argparse
import json
import shutil
from pathlib import Path

import torch

from service.scoring.artefact import TOKENIZER, hash_file

from .arguments import FACTS, WEIGHTS, classifier, share
from .finetune import OUT

Weights = dict[str, torch.Tensor]


def average(later: Weights, earlier: Weights, share: float) -> Weights:
    """`share` of `later` and the rest of `earlier`, weight by weight; raises ValueError for other shapes."""
    if {name: value.shape for name, value in later.items()} != {name: value.shape for name, value in earlier.items()}:
        raise ValueError("the two are not of the same shape")
    return {
        name: value * share + earlier[name] * (1.0 - share) if value.is_floating_point() else value
        for name, value in later.items()
    }


def write_average(later: Path, earlier: Path, share: float, out: Path) -> None:
    """Write the mean of two folders to a third; raises ValueError where a mean would be nonsense."""
    if out.resolve() in (later.resolve(), earlier.resolve()):
        raise ValueError(f"{out} is one of the two, and would be lost")
    if hash_file(later / TOKENIZER) != hash_file(earlier / TOKENIZER):
        raise ValueError("the two have different tokenizers: their embeddings mean other tokens")
    facts, before = (json.loads((folder / FACTS).read_text(encoding="utf-8")) for folder in (later, earlier))
    if facts.get("pretraining") != before.get("pretraining"):
        raise ValueError("the two did not begin with the same encoder")
    mean = average(*(torch.load(folder / WEIGHTS, weights_only=True) for folder in (later, earlier)), share)
    out.mkdir(parents=True, exist_ok=True)
    for file in later.iterdir():
        if file.name not in (WEIGHTS, FACTS):
            shutil.copy(file, out)
    torch.save(mean, out / WEIGHTS)
    facts["averaged"] = {"share": share, "earlier": before.get("rows_digest")}
    (out / FACTS).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--later", type=classifier, required=True, help="folder of the later fine-tuning")
    parser.add_argument("--earlier", type=classifier, required=True, help="folder of the one it was carried over from")
    parser.add_argument("--share", type=share, default=0.5, help="weight of the later one, 0 to 1")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    try:
        write_average(args.later, args.earlier, args.share, args.out)
    except ValueError as error:
        raise SystemExit(f"average: {error}") from None
    print(json.dumps({"step": "average", "share": args.share}))


if __name__ == "__main__":
    main()

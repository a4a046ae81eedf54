"""After step 6: two fine-tunings of the same shape -> their weighted mean (build/finetune/).

A fine-tuning and the one that it was carried over from lie in one valley of the loss; the mean of
their weights is better than both (Wortsman et al. 2022), at no cost when scoring. Choose the share on dev.
Run: `python -m training.average --earlier FOLDER --share 0.65`
"""

import argparse
import json
from pathlib import Path

import torch

from .finetune import OUT

Weights = dict[str, torch.Tensor]


def average(later: Weights, earlier: Weights, share: float) -> Weights:
    """`share` of `later` and the rest of `earlier`, weight by weight."""
    return {
        name: value * share + earlier[name] * (1.0 - share) if value.is_floating_point() else value
        for name, value in later.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--earlier", type=Path, required=True, help="folder of the earlier fine-tuning")
    parser.add_argument("--share", type=float, default=0.5, help="weight of the later one, 0..1")
    args = parser.parse_args()
    facts_path, weights_path = OUT / "finetuning.json", OUT / "classifier.pt"
    facts = json.loads(facts_path.read_text(encoding="utf-8"))
    if "averaged" in facts:
        raise SystemExit("average: build/finetune is an average already")
    later, earlier = (torch.load(f / "classifier.pt", weights_only=True) for f in (OUT, args.earlier))
    torch.save(average(later, earlier, args.share), weights_path)
    before = json.loads((args.earlier / "finetuning.json").read_text(encoding="utf-8"))
    facts["averaged"] = {"share": args.share, "earlier": before.get("rows_digest")}
    facts_path.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({"step": "average", "share": args.share}))


if __name__ == "__main__":
    main()

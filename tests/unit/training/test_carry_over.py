"""Carrying a fine-tuning over to another encoder: nothing is lost where the encoder did not change."""

import json
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertModel

from training.carry_over import carry_over
from training.model import Classifier

IDS = torch.tensor([[2, 7, 9, 11, 3]])


def encoder(folder: Path, seed: int, tokenizer: str = "{}", width: int = 16, layers: int = 1) -> Path:
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=50, hidden_size=width, num_hidden_layers=layers, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    (folder / "tokenizer.json").write_text(tokenizer, encoding="utf-8")
    return folder


def fine_tuned(before: Path, folder: Path) -> Classifier:
    """A classifier over the encoder `before` with every weight moved a little, saved as `training.finetune` saves it."""
    model = Classifier.from_base(str(before)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.01 * torch.randn_like(parameter))
    folder.mkdir()
    torch.save(model.state_dict(), folder / "classifier.pt")
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    return model


def test_over_the_same_encoder_it_gives_the_earlier_classifier_back(tmp_path: Path) -> None:
    before = encoder(tmp_path / "before", 1)
    earlier = fine_tuned(before, tmp_path / "tuned")
    again = Classifier.from_base(str(before)).eval()
    carry_over(again, tmp_path / "tuned", before, before)
    mask = torch.ones_like(IDS)
    assert torch.allclose(again(IDS, mask).logits, earlier(IDS, mask).logits, atol=1e-5)


def test_over_another_encoder_the_change_is_added_and_the_heads_are_taken_over(tmp_path: Path) -> None:
    before, base = encoder(tmp_path / "before", 1), encoder(tmp_path / "base", 2)
    earlier = fine_tuned(before, tmp_path / "tuned")
    start, later = (Classifier.from_base(str(folder)) for folder in (before, base))
    expected = {
        name: later.state_dict()[name] + value - start.state_dict()[name] if name.startswith("encoder.") else value
        for name, value in earlier.state_dict().items()
    }
    carry_over(later, tmp_path / "tuned", before, base)
    for name, value in later.state_dict().items():
        if "pooler" not in name:
            assert torch.allclose(value, expected[name], atol=1e-6), name


@pytest.mark.parametrize("shape", [{"width": 24}, {"layers": 2}])
def test_over_an_encoder_of_another_shape_the_wide_branch_alone_goes_on(shape: dict[str, int], tmp_path: Path) -> None:
    before, base = encoder(tmp_path / "before", 1), encoder(tmp_path / "base", 2, **shape)
    earlier = fine_tuned(before, tmp_path / "tuned")
    torch.manual_seed(3)
    fresh = Classifier.from_base(str(base)).state_dict()
    torch.manual_seed(3)
    later = Classifier.from_base(str(base))
    assert carry_over(later, tmp_path / "tuned", before, base) == "wide branch"
    for name, value in later.state_dict().items():
        expected = earlier.state_dict()[name] if name.startswith(("wide.", "bias")) else fresh[name]
        assert torch.equal(value, expected), name


def test_another_tokenizer_is_refused(tmp_path: Path) -> None:
    before, base = encoder(tmp_path / "before", 1), encoder(tmp_path / "base", 2, tokenizer='{"other": 1}')
    fine_tuned(before, tmp_path / "tuned")
    with pytest.raises(SystemExit, match="tokenizer"):
        carry_over(Classifier.from_base(str(base)), tmp_path / "tuned", before, base)


def test_an_encoder_that_it_did_not_begin_with_is_refused(tmp_path: Path) -> None:
    before, base = encoder(tmp_path / "before", 1), encoder(tmp_path / "base", 2)
    fine_tuned(before, tmp_path / "tuned")
    for folder, seed in ((before, 1), (base, 2)):
        (folder / "pretraining.json").write_text(json.dumps({"seed": seed}), encoding="utf-8")
    (tmp_path / "tuned" / "finetuning.json").write_text(json.dumps({"pretraining": {"seed": 1}}), encoding="utf-8")
    model = Classifier.from_base(str(base))
    with pytest.raises(SystemExit, match="--carried-from"):
        carry_over(model, tmp_path / "tuned", base, base)
    assert carry_over(model, tmp_path / "tuned", before, base) == "everything"

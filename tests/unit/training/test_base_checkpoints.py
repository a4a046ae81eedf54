"""Any encoder checkpoint in `transformers` format can be the base: its shape and its names of things may differ."""

from pathlib import Path

import pytest
import torch
import transformers

from service.labels import COLUMNS
from training.model import Classifier

SMALL = {"vocab_size": 100, "max_position_embeddings": 32}
# fmt: off
BASES = {
    "distilbert": lambda: transformers.DistilBertModel(transformers.DistilBertConfig(**SMALL, dim=32, n_layers=1, n_heads=2, hidden_dim=64)),
    "xlm-roberta": lambda: transformers.XLMRobertaModel(transformers.XLMRobertaConfig(**SMALL, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)),
    "electra": lambda: transformers.ElectraModel(transformers.ElectraConfig(**SMALL, embedding_size=16, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)),
}
# fmt: on


@pytest.mark.parametrize("name", BASES)
def test_a_checkpoint_of_another_family_becomes_a_classifier(name: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    BASES[name]().save_pretrained(tmp_path)
    model = Classifier.from_base(str(tmp_path))
    ids = torch.randint(5, 100, (3, 7))
    mask = torch.tensor([[1] * 7, [1] * 5 + [0] * 2, [1] * 2 + [0] * 5])
    outputs = model.eval()(ids, mask)
    assert outputs.logits.shape == (3, len(COLUMNS))
    shorter = model(ids[2:, :2], mask[2:, :2]).logits
    assert torch.allclose(outputs.logits[2], shorter[0], atol=1e-4), "padding must not be seen"
    outputs.logits.sum().backward()
    assert all(p.grad is not None for n, p in model.encoder.named_parameters() if "pooler" not in n)

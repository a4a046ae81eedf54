"""The whole offline flow, tiny, on the project's own transcripts alone: text in, a servable artefact out.

Each step runs as the command that the Makefile runs; nothing outside the temporary folder is written.
"""

import json
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.__main__ import main
from service.api.app import create_app
from service.scoring.onnx import load_scorer
from tests.api.scorers import LetterScorer
from tests.api.support import KEY_HEADER, settings_in
from tests.pipeline.support import ROOT, run, scratch_environ

pytest.importorskip("torch", reason="the offline flow needs the extra [train]")


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A scratch build with few transcripts, no public sets, and a models folder of its own."""
    scratch = tmp_path_factory.mktemp("offline")
    (scratch / "models").mkdir()
    return scratch_environ(scratch, every=8) | {"OMP_NUM_THREADS": "2"}


def export_corrections(data_dir: Path, out: Path) -> None:
    """Label turns as a supervisor does, and export them with the command."""
    with TestClient(create_app(settings_in(data_dir), scorer=LetterScorer()), headers=KEY_HEADER) as client:
        for number, labels in enumerate(({"frustration": 0}, {"threat": 1, "threat_kind": "legal"}, {})):
            turn = {"turn_id": "t1", "role": "customer", "text": f"where is order {number}!!!!"}
            assert client.post(f"/v1/conversations/c{number}/turns", json=turn).status_code == 201
            if labels:
                path = f"/v1/conversations/c{number}/turns/t1/labels"
                assert client.put(path, json={"by": "mai", **labels}).status_code == 200
    assert main(["labels", "export", "--data-dir", str(settings_in(data_dir).data_dir), "--out", str(out)]) == 0


def test_from_text_to_a_served_model(environ: dict[str, str], tmp_path: Path) -> None:
    vocabulary = run("vocabulary", "--size", "1500", environ=environ)
    assert vocabulary["size"] == 1500
    pretrained = run(
        "pretrain", "--minutes", "0.1", "--layers", "1", "--width", "64", "--batch-tokens", "1024", environ=environ
    )
    assert pretrained["steps"] > 0
    encoder = Path(environ["EVENKEEL_MODELS"]) / "encoder"
    first = json.loads((encoder / "pretraining.json").read_text(encoding="utf-8"))
    run("vocabulary", "--tokenizer", str(encoder), environ=environ)
    run("pretrain", "--minutes", "0.05", "--batch-tokens", "1024", "--start", str(encoder), environ=environ)
    further = json.loads((encoder / "pretraining.json").read_text(encoding="utf-8"))
    assert further["before"] == first
    mine = tmp_path / "mine"
    mine.mkdir()
    shutil.copy(ROOT / "tests" / "pipeline" / "transcripts.jsonl", mine)
    export_corrections(tmp_path / "data", mine / "corrections.jsonl")
    tuned = run(
        "finetune",
        "--minutes",
        "0.8",  # on a busy machine half of it is spent waiting, and calibration refuses what has learnt nothing
        "--batch",
        "32",
        "--learning-rate",
        "2e-3",
        "--transcripts",
        str(mine),
        environ=environ,
    )
    assert tuned["steps"] > 0
    learnt = json.loads((Path(environ["EVENKEEL_BUILD"]) / "finetune" / "finetuning.json").read_text(encoding="utf-8"))
    assert learnt["sources"]["user_transcripts"] == 2 + 2, "two customer turns of the file, two that were corrected"
    assert run("export", environ=environ)["worst_logit_difference"] < 2e-3
    operators = run("quantise", environ=environ)["operators"]
    assert isinstance(operators, dict)
    assert operators.get("MatMulInteger", 0) > 0
    assert int(str(run("ngrams", environ=environ)["ngrams"])) > 100
    run("calibrate", environ=environ)
    run("evaluate", environ=environ)
    run("promote", "--version", "2000.1.1", "--despite", environ=environ)

    models = Path(environ["EVENKEEL_MODELS"])
    scorer = load_scorer(models)
    assert scorer.model.version == "2000.1.1"
    assert scorer.verify().ok
    card = (models / "2000.1.1" / "README.md").read_text(encoding="utf-8")
    assert "| vi | frustration |" in card

    build = Path(environ["EVENKEEL_BUILD"])
    assert float(str(run("restore", environ=environ)["worst_logit_difference"])) < 0.5
    distil = ("--teacher", str(build / "finetune"), "--rows", "40")
    run("distil", *distil, environ=environ)
    run(
        "finetune",
        *(
            "--minutes",
            "0.1",
            "--batch",
            "32",
            "--carry-over",
            str(build / "restored"),
            "--soft",
            str(build / "distil"),
        ),
        environ=environ,
    )
    further = json.loads((build / "finetune" / "finetuning.json").read_text(encoding="utf-8"))
    assert further["sources"]["distilled"] == 40
    assert further["distilled"]["teacher"]["rows"] == further["carried_over"]["rows"] == learnt["rows"]


def test_seven_bit_weights_cannot_saturate() -> None:
    """Without VNNI two u8 x s8 products are added in 16 bits: 2 * 255 * |w| must stay below 2**15."""
    import onnx
    from onnx import numpy_helper

    version = (ROOT / "models" / "CURRENT").read_text(encoding="utf-8").strip()
    graph = onnx.load(str(ROOT / "models" / version / "model.int8.onnx")).graph
    tensors = {t.name: t for t in graph.initializer}
    products = [node.input[1] for node in graph.node if node.op_type == "MatMulInteger" and node.input[1] in tensors]
    assert products
    assert all(abs(numpy_helper.to_array(tensors[name]).astype(int)).max() <= 64 for name in products)


def test_the_released_graph_tells_nothing_of_the_machine_that_trained_it() -> None:
    import onnx

    version = (ROOT / "models" / "CURRENT").read_text(encoding="utf-8").strip()
    model = onnx.load(str(ROOT / "models" / version / "model.int8.onnx"))
    assert len(model.graph.node) > 50
    assert not any(node.metadata_props or node.doc_string for node in model.graph.node)
    assert not any(trace in model.SerializeToString() for trace in (b"site-packages", b"model.py", b"File "))

"""Stage 3: a window of token ids -> logits per output and each token's part in the binary ones.

Windows run one at a time: int8 activations are scaled per run, so a padded batch would make an
answer depend on its neighbours, and for a model this small batching saves nothing on a CPU.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from ..labels import BINARY, COLUMNS
from .artefact import ArtefactError
from .tokenise import Window

onnxruntime.set_default_logger_severity(3)


@dataclass(frozen=True, slots=True)
class Inference:
    """`logits` float32 (columns,), `contributions` float32 (tokens, binary) without start and end token."""

    logits: np.ndarray
    contributions: np.ndarray


class Model:
    """An ONNX session; safe to call from several threads."""

    def __init__(self, path: Path, *, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        # Spinning burns a core between requests of an interactive service; measured no gain at one thread.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the library raises a dozen private types
            raise ArtefactError(f"{path}: ONNX Runtime cannot load it ({type(error).__name__})") from None
        outputs = {output.name: output.shape for output in self._session.get_outputs()}
        if set(outputs) != {"logits", "contributions"} or outputs["logits"][-1] != len(COLUMNS):
            raise ArtefactError(
                f"{path}: expected outputs logits ({len(COLUMNS)} columns) and contributions, found {outputs}"
            )

    def infer(self, window: Window) -> Inference:
        """Run one window."""
        feed = {"input_ids": window.ids, "attention_mask": np.ones_like(window.ids)}
        logits, contributions = self._session.run(["logits", "contributions"], feed)
        assert contributions.shape[-1] == len(BINARY)
        return Inference(logits[0], contributions[0, 1:-1])

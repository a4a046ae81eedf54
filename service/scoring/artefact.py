"""A model artefact on disk -> a checked description of it; everything that loads a model starts here.

Layout of `models/<version>/`: manifest.json (format, version, columns, file hashes), model.int8.onnx,
ngrams.npz (may be absent), tokenizer.json, calibration.json, golden.json, README.md (the model card). `models/CURRENT` names the
version that is served. Every file is hashed before it is used, so a truncated or tampered one stops
the start with one line.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..flow import ModelInfo
from ..labels import COLUMNS

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
MODEL: Final = "model.int8.onnx"
NGRAMS: Final = "ngrams.npz"
TOKENIZER: Final = "tokenizer.json"
CALIBRATION: Final = "calibration.json"
GOLDEN: Final = "golden.json"
LOADED_FILES: Final = (MODEL, TOKENIZER, CALIBRATION, GOLDEN)
OPTIONAL_FILES: Final = (NGRAMS,)
"""Loaded where the manifest names them: releases before 2026.11.3 have none."""


class ArtefactError(RuntimeError):
    """A model that cannot be served; the message is one line and names the file and the way out."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """A checked artefact: where it lies and what its manifest says."""

    folder: Path
    version: str
    precision: str
    max_tokens: int
    digest: str
    manifest: Mapping[str, object]
    has_ngrams: bool

    @property
    def model(self) -> ModelInfo:
        """What answers say of the model."""
        return ModelInfo(self.version, self.digest, self.precision)


def find_artefact(model_dir: Path) -> Path:
    """The folder of the version that `model_dir/CURRENT` names; `model_dir` itself if it is an artefact."""
    if (model_dir / MANIFEST).is_file():
        return model_dir
    pointer = model_dir / "CURRENT"
    if not pointer.is_file():
        raise ArtefactError(f"no model: {pointer} is missing; set the model folder (--model-dir, EVENKEEL_MODEL_DIR)")
    version = pointer.read_text(encoding="utf-8").strip()
    folder = model_dir / version
    if "/" in version or not (folder / MANIFEST).is_file():
        raise ArtefactError(f"no model: {pointer} names {version!r}, but {folder / MANIFEST} is missing")
    return folder


def load_artefact(model_dir: Path) -> Artefact:
    """Read and check the artefact that `model_dir` serves; raises `ArtefactError`."""
    folder = find_artefact(model_dir)
    manifest = read_json(folder / MANIFEST)
    if manifest.get("format") != FORMAT:
        raise ArtefactError(f"{folder / MANIFEST}: format is {manifest.get('format')!r}, this service reads {FORMAT}")
    if manifest.get("columns") != list(COLUMNS):
        raise ArtefactError(
            f"{folder / MANIFEST}: the columns differ from service/labels.py; build the model again (make train)"
        )
    files = manifest.get("files")
    if not isinstance(files, dict) or not set(LOADED_FILES) <= set(files):
        raise ArtefactError(f"{folder / MANIFEST}: `files` must hold the hashes of {', '.join(LOADED_FILES)}")
    for name in loaded(files):
        _check_file(folder / name, str(files[name]))
    version, precision, max_tokens = manifest.get("version"), manifest.get("precision"), manifest.get("max_tokens")
    if not isinstance(version, str) or not isinstance(precision, str) or not isinstance(max_tokens, int):
        raise ArtefactError(f"{folder / MANIFEST}: version and precision must be texts, max_tokens a number")
    return Artefact(folder, version, precision, max_tokens, digest_of(files), manifest, NGRAMS in files)


def loaded(files: Iterable[str]) -> tuple[str, ...]:
    """The files of an artefact that decide an answer, of those that its manifest names."""
    named = set(files)
    return (*LOADED_FILES, *(name for name in OPTIONAL_FILES if name in named))


def digest_of(files: Mapping[str, str]) -> str:
    """One digest for the files that decide an answer."""
    joined = "\n".join(f"{name} {files[name]}" for name in sorted(loaded(files)))
    return "sha256:" + hashlib.sha256(joined.encode("ascii")).hexdigest()


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_json(path: Path) -> dict[str, object]:
    """A JSON object from a file; raises `ArtefactError`."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArtefactError(f"{path}: cannot be read as JSON ({type(error).__name__})") from None
    if not isinstance(value, dict):
        raise ArtefactError(f"{path}: expected a JSON object, found {type(value).__name__}")
    return value


def _check_file(path: Path, expected: str) -> None:
    if not path.is_file():
        raise ArtefactError(f"{path} is missing; restore the model folder or build it again (make train)")
    found = hash_file(path)
    if found != expected:
        raise ArtefactError(
            f"{path} is damaged: sha256 {found[:12]}…, the manifest says {expected[:12]}…; restore it (git checkout, or make train)"
        )

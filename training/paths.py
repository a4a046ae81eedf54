"""Where the offline flow reads and writes; every step imports its folders from here.

`EVENKEEL_SOURCES` names an optional folder with public sets and corpora (see data/sources.toml for
what belongs there); without it the flow runs on `data/transcripts/` alone.
"""

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCES: Final = Path(os.environ.get("EVENKEEL_SOURCES", ROOT.parent / "shared"))
TRANSCRIPTS: Final = Path(os.environ.get("EVENKEEL_TRANSCRIPTS", ROOT / "data" / "transcripts"))
ANNOTATIONS: Final = ROOT / "data" / "annotations"
MODELS: Final = Path(os.environ.get("EVENKEEL_MODELS", ROOT / "models"))
ENCODER: Final = MODELS / "encoder"
BUILD: Final = Path(os.environ.get("EVENKEEL_BUILD", ROOT / "build"))
"""Intermediate results of the steps; ignored by git, safe to delete."""

"""Write what follows from the code: the types of the client's answers (service/client/answers.py), settings, measurements and the hash of the browser client (README.md), rules (service/risk/RULES.md), counts (data/transcripts/README.md, data/annotations/README.md).

`python .ci/write_docs.py` (make docs) writes, `--check` only compares; a test runs the check.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from client_answers import FILE as CLIENT_ANSWERS  # noqa: E402
from client_answers import client_answers  # noqa: E402

from benchmarks.summary import readme_block  # noqa: E402
from service.api.widget_files import script_element  # noqa: E402
from service.labels import ASKS_HUMAN, SENTIMENTS, SIGNALS, THREAT_KINDS  # noqa: E402
from service.risk.conditions import CONDITIONS  # noqa: E402
from service.risk.policy import parse_policy  # noqa: E402
from service.settings import settings_table_markdown  # noqa: E402
from training.annotation_sheet import agreement_table, annotation_counts  # noqa: E402
from training.datasheet import count_tables  # noqa: E402
from training.markdown import table  # noqa: E402


def rules_page() -> str:
    """Every rule of the shipped escalation matrix in its order, what to collect, and the words of a rule."""
    path = ROOT / "service" / "risk" / "policy.yaml"
    policy = parse_policy(path.name, path.read_bytes())
    header = path.read_text(encoding="utf-8").split("\nversion:")[0]
    words = " ".join(line.removeprefix("#").strip() for line in header.split("# Words for `when`.")[1].splitlines())
    collected = [[f"`{r.id}`", " · ".join(r.collect["en"])] for r in policy.rules if r.collect["en"]]
    rows = [
        [f"`{r.id}`", r.action, r.queue or "", f"{r.respond_within_s} s" if r.respond_within_s else "", r.because["en"]]
        for r in policy.rules
    ]
    head = (
        "# The escalation matrix\n\nThe first rule that holds decides, later ones that hold are further reasons. "
        "Written from `policy.yaml` by `make docs`; change that file, not this one.\n\n"
        f"Signals: {', '.join(SIGNALS)}; also {ASKS_HUMAN}. Kinds of threat: {', '.join(THREAT_KINDS)}. "
        f"Sentiment: {', '.join(SENTIMENTS)}. Words of a rule's `when`, explained in the file's head: "
        f"{', '.join(f'`{word}`' for word in CONDITIONS)}.\n\n"
    )
    matrix = table(["rule", "action", "to", "within", "because"], rows)
    facts = "\n## What to collect\n\nShown with the reason, so that whoever takes over need not ask again.\n\n"
    vocabulary = f"\n## Words for `when`\n\n{words.strip()}\n"
    return f"{head}{matrix}\n{facts}{table(['rule', 'facts'], collected)}\n{vocabulary}"


def widget_block() -> str:
    """The lines of a web page that send its visitors' messages, with the hash of the script that this version serves."""
    connect = 'endpoint: "https://evenkeel.example", publishableKey: "evk_pk_…", conversation: chatId'
    lines = [
        "<script>",
        f"  const client = Evenkeel.connect({{ {connect} }});",
        "  client.send({ text });",
        "</script>",
    ]
    return "\n".join(["```html", script_element("https://evenkeel.example"), *lines, "```", ""])


def generated() -> dict[Path, str]:
    """What each file should hold."""
    readme, sheet = ROOT / "README.md", ROOT / "data" / "transcripts" / "README.md"
    labels = ROOT / "data" / "annotations" / "README.md"
    return {
        labels: with_blocks(labels, {"counts": annotation_counts(), "agreement": agreement_table()}),
        readme: with_blocks(
            readme, {"settings": settings_table_markdown(), "measured": readme_block(), "widget": widget_block()}
        ),
        sheet: with_blocks(sheet, count_tables()),
        ROOT / "service" / "risk" / "RULES.md": rules_page(),
        CLIENT_ANSWERS: client_answers(),
    }


def with_blocks(page: Path, blocks: dict[str, str]) -> str:
    """The page with what stands between `<!-- name -->` and `<!-- /name -->` replaced."""
    text = page.read_text(encoding="utf-8")
    for name, content in blocks.items():
        block = f"<!-- {name} -->\n{content}<!-- /{name} -->"
        text = re.sub(rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _, block=block: block, text, flags=re.S)
    return text


def main() -> None:
    stale = [
        path for path, text in generated().items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" in sys.argv:
        sys.exit(f"stale: {', '.join(p.name for p in stale)}; run make docs" if stale else 0)
    for path in stale:
        path.write_text(generated()[path], encoding="utf-8")


if __name__ == "__main__":
    main()

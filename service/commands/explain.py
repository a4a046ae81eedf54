"""`evenkeel policy explain CONVERSATION`: why was each message answered as it was, and which rules nearly fired?

CONVERSATION is the id of a stored one, whose scores are there, or `FILE.jsonl#ID`, which is scored now.
"""

import argparse
import sys
from pathlib import Path

from ..flow import Scorer
from ..replay.play import Conversation
from ..replay.read import ConversationFileError, read_conversations
from ..replay.stored import StoredScores, as_conversation
from ..replay.why import explain_turns, why_page
from ..risk.decide import EscalationPolicy
from ..settings import Settings
from . import CommandError, add_settings, load_model, load_rules, opened_store

FILE_ENDING = ".jsonl"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("conversation", help="id of a stored conversation, or FILE.jsonl[#ID]")
    parser.add_argument("--rule", metavar="ID", help="show every condition of this rule, whether or not it fired")
    parser.add_argument("--show-text", action="store_true", help="print what was written, too")
    add_settings(parser, "POLICY", "MODEL_DIR", "THREADS", "DATA_DIR", "DATABASE_URL")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Print the explanation of every customer turn."""
    policy = load_rules(settings)
    _check_rule(policy, arguments.rule)
    file, _, name = arguments.conversation.partition("#")
    scorer: Scorer
    if file.endswith(FILE_ENDING):
        conversation = _from_file(Path(file), name)
        scorer = load_model(settings)
    else:
        conversation, scorer = _stored(arguments.conversation, settings), StoredScores()
    turns = list(explain_turns(scorer, policy, conversation, arguments.rule))
    print(f"{conversation.id} under policy {policy.version}\n")
    sys.stdout.write(why_page(turns, show_text=arguments.show_text))
    return 0


def _check_rule(policy: EscalationPolicy, asked: str | None) -> None:
    known = [rule.id for rule in policy.rules]
    if asked is not None and asked not in known:
        raise CommandError(f"the policy has no rule {asked}; its rules are {', '.join(known)}")


def _from_file(path: Path, name: str) -> Conversation:
    try:
        found = [c for c in read_conversations([path]) if name in ("", c.id)]
    except ConversationFileError as failure:
        raise CommandError(str(failure)) from failure
    if len(found) != 1:
        what = f"no conversation {name}" if name else f"{len(found)} conversations"
        raise CommandError(f"{path} holds {what}; name one as {path}#ID")
    return found[0]


def _stored(name: str, settings: Settings) -> Conversation:
    with opened_store(settings) as store:
        found = store.heard([name])
    if not found:
        raise CommandError(f"no conversation {name} is stored here; for one in a file, name FILE{FILE_ENDING}#ID")
    return as_conversation(found[0])

"""A thousand attempts to make something of somebody without a valid consent, at every door; and words that rules read."""

from __future__ import annotations

import shutil
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from vivant.places import Places
from vivant.provenance.policy_rules import rules
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.signing import signing_key
from vivant.provenance.words import read_words

ATTEMPTS = 1000
SEED = 20_261_122
Row = dict[str, Any]


def run(folder: Path) -> list[Row]:
    """Try, and read.

    Args:
        folder: For keys, and for what the attempts would make; emptied after each.

    Returns:
        Rows of what was measured.
    """
    sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
    return [*attempts(folder), *words()]


def attempts(folder: Path, *, count: int = ATTEMPTS) -> list[Row]:
    """Try every door with what can be wrong, by chance.

    Returns:
        For each door how often it was tried and refused, how many films and sounds came out, how many files were
        left, and how many refusals named a rule that fits; then all together, with the time of one.
    """
    from attempts_at_doors import attempt  # noqa: PLC0415 - of the tests, and only here

    keys = folder / "keys"
    signing_key(Places(data=keys / "data", cache=keys / "cache"), now=utc_now())
    tried: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    named: Counter[str] = Counter()
    left: Counter[str] = Counter()
    made: Counter[str] = Counter()
    met: set[str] = set()
    began_s = time.process_time()
    for number in range(count):
        home = folder / f"attempt-{number}"
        outcome = attempt(SEED + number, home, keys=keys / "data")
        made[outcome.door] += sum(1 for path in home.rglob("*") if path.suffix in (".mp4", ".wav"))
        shutil.rmtree(home)
        tried[outcome.door] += 1
        refused[outcome.door] += bool(outcome.code)
        named[outcome.door] += bool(outcome.rule) and "names no rule" not in outcome.error
        left[outcome.door] += len(outcome.left)
        met.add(outcome.rule)
    took_s = time.process_time() - began_s
    rows: list[Row] = [
        {
            "door": door,
            "attempts": tried[door],
            "refused": refused[door],
            "refusals that name their rule": named[door],
            "films and sounds": made[door],
            "files left, changed or gone": left[door],
        }
        for door in sorted(tried)
    ]
    rows.append(
        {
            "door": "all",
            "attempts": tried.total(),
            "refused": refused.total(),
            "refusals that name their rule": named.total(),
            "films and sounds": made.total(),
            "files left, changed or gone": left.total(),
        }
    )
    can = [rule.name for rule in rules() if rule.answer != "note"]
    return [
        *rows,
        {"what": "rules that refused something", "value": len(met & set(can)), "of": len(can)},
        {"what": "CPU of one attempt, ms", "value": round(1000 * took_s / count, 1)},
    ]


def words() -> list[Row]:
    """Let the rules read sentences that they were not written for."""
    from farewells_unseen import (  # noqa: PLC0415 - of the tests, and only here
        FORBIDDEN,
        GENTLE,
        GENTLE_TOO,
        HARDER,
    )

    rows: list[Row] = []
    for what, texts in (
        ("gentle", GENTLE),
        ("gentle, more", GENTLE_TOO),
        ("forbidden", FORBIDDEN),
        ("forbidden, less plainly said", HARDER),
    ):
        caught = [
            not read_words(text, language=language, in_memory=True).ok
            for language, some in texts.items()
            for text in some
        ]
        rows.append(
            {
                "sentences": what,
                "count": len(caught),
                "languages": len(texts),
                "caught": sum(caught),
            }
        )
    return rows

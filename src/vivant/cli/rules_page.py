"""The rules as a page of the reference: ``docs/generate.py`` writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from vivant.provenance.policy_answers import HOLDS_FOR
from vivant.provenance.policy_rules import Rule, chapters

_ANSWERS = {"no": "no", "ask": "ask a person", "note": "yes, and a note"}
_REFUSALS = {
    "policy": "consent.policy",
    "broken": "consent.broken",
    "forged": "consent.forged",
    "unknown": "consent.unknown",
    "expired": "consent.expired",
    "withdrawn": "consent.withdrawn",
    "scope": "consent.scope",
}


def rules_page(made: str) -> str:
    """Write the page.

    Args:
        made: The line that says that the page is generated.
    """
    count = sum(map(len, chapters().values()))
    lines = [
        "# Rules\n",
        made,
        f"What may be made of whom: {count} rules, asked in this order before any work. The first that says *no* decides;",
        "then those that ask a person, who may answer with `vivant consent answer`; an answer holds for "
        f"{HOLDS_FOR.days} days,",
        "for what was asked alone. A consent record narrows further, and never widens. Every refusal has the rule's name in",
        "its message, and as `rule` in the error. The rules are files in the package (`provenance/rules/`); why there are",
        "such rules: [explanation/rules.md](../explanation/rules.md).\n",
    ]
    for title, rules in chapters().items():
        lines += [f"## {title}\n", "| rule | about | answer | holds when |", "|---|---|---|---|"]
        lines += [_row(rule) for rule in rules]
        lines.append("")
        for rule in rules:
            lines += _told(rule)
    return "\n".join(lines).rstrip() + "\n"


def _row(rule: Rule) -> str:
    many = f", {rule.people} people" if rule.people > 1 else ""
    return f"| [`{rule.name}`](#{_anchor(rule)}) | {rule.about} | {_ANSWERS[rule.answer]}{many} | {_when(rule)} |"


def _anchor(rule: Rule) -> str:
    return rule.name.replace(".", "")


def _when(rule: Rule) -> str:
    held = "; ".join(_facts(rule.when))
    spared = "; ".join(_facts(rule.unless))
    return f"{held}; unless {spared}" if spared else held


def _facts(facts: Mapping[str, list[str]]) -> Iterator[str]:
    for fact, words in facts.items():
        yield f"{fact} is {' or '.join(words)}"


def _told(rule: Rule) -> Iterator[str]:
    yield f"### `{rule.name}`\n"
    yield f"{rule.why} {rule.help}\n"
    if rule.answer == "no":
        yield f"Error: `{_REFUSALS[rule.refusal]}`.\n"
    yield f"Reason: {rule.reason}\n"
    yield f"Source: {'; '.join(rule.source)}.\n"

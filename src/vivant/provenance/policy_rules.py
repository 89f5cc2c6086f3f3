"""The rules as data: what each is about, what it answers, and why. They lie in ``rules/``, and are read once."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from vivant.provenance.asked import AUDIENCES
from vivant.provenance.consent import KINDS, USES
from vivant.provenance.words_rules import Kind as WordsKind

Facts = Mapping[str, AbstractSet[str]]
"""What holds of a question, by the names in ``FACTS``: each a set of words."""

_WORDS = frozenset(get_args(WordsKind))
_YES_NO = frozenset({"yes", "no"})
FACTS: Mapping[str, frozenset[str] | None] = MappingProxyType({
    "kind": frozenset(KINDS),
    "use": frozenset(USES),
    "audience": frozenset(AUDIENCES),
    "person": frozenset({"dead", "child", "grown-up", "living"}),
    "statement": _YES_NO,
    "record": frozenset({"given", "not-yet", "withdrawn", "held", "expired", "erased", "missing", "broken"}),
    "record-names-use": _YES_NO,
    "record-names-audience": _YES_NO,
    "ledger": frozenset({"unknown", "given", "held", "withdrawn", "expired", "erased"}),
    "ledger-whole": frozenset({"yes", "no", "unsealed", "headless"}),
    "record-hash": frozenset({"unknown", "same", "differs"}),
    "vouched-for": frozenset({"not-asked", "known", "sealed", "statement", "unknown", "forged"}),
    "likeness": frozenset({"unknown", "same", "other"}),
    "clock": frozenset({"right", "behind"}),
    "wish": frozenset({"yes", "no", "unknown"}),
    "objections": frozenset({"window-open", "window-closed"}),
    "other-kin": frozenset({"none", "told", "untold", "unnamed", "all-agree", "disagree"}),
    "viewers": frozenset({"know", "do-not-know", "undeclared"}),
    "figure": frozenset({"public", "private", "unknown"}),
    "contract": frozenset({"none", "before", "running", "over"}),
    "products": frozenset({"undeclared", "within", "outside"}),
    "territories": frozenset({"undeclared", "anywhere", "within", "outside"}),
    "languages": frozenset({"any", "within", "outside"}),
    "photos": frozenset({"listed", "unlisted", "after-death", "objected"}),
    "second-yes": _YES_NO,
    "scenes": None,
    "words": _WORDS,
    "recorded-words": _WORDS,
    "claims": _WORDS,
    "unread": frozenset({"recording", "no-rules"}),
})  # fmt: skip
"""What rules may ask about, and the words that may hold of it; any word where there is ``None``."""
FILES = ("people", "record", "showing", "words", "scenes")
"""In this order the rules are asked; the first that says no decides."""

Refusal = Literal["policy", "broken", "forged", "unknown", "expired", "withdrawn", "scope"]
"""Which error a refusal is raised as: see ``docs/reference/errors.md``."""


class Rule(BaseModel):
    """One rule."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$")]
    """Stable; messages and the ledger call it so."""
    about: Annotated[str, Field(min_length=3, max_length=120)]
    """What it is about, in a few words."""
    when: Mapping[str, list[str]]
    """It holds where each of these facts has one of these words."""
    unless: Mapping[str, list[str]] = {}
    """And none of these facts has one of these words."""
    answer: Literal["no", "ask", "note"]
    """Whether it forbids, leaves it to a person, or has something told to whoever goes on."""
    people: Annotated[int, Field(ge=1, le=3)] = 1
    """How many different people must say yes, where a person is asked."""
    refusal: Refusal = "policy"
    why: Annotated[str, Field(min_length=10, max_length=240)]
    """One sentence, for people."""
    help: Annotated[str, Field(min_length=10, max_length=300)]
    """What would help; of a note, what to do."""
    reason: Annotated[str, Field(min_length=10, max_length=400)]
    """Which harm or duty it answers."""
    source: Annotated[list[str], Field(min_length=1)]
    """Where that stands."""

    @model_validator(mode="after")
    def _known(self) -> Rule:
        if not self.when:
            message = f"the rule {self.name} holds of everything"
            raise ValueError(message)
        for fact, words in [*self.when.items(), *self.unless.items()]:
            known = FACTS.get(fact, frozenset())
            if not words or (known is not None and not known.issuperset(words)):
                message = f"the rule {self.name} asks {fact} for {words}, and it may be {sorted(known or ())}"
                raise ValueError(message)
        if self.answer != "no" and self.refusal != "policy":
            message = f"the rule {self.name} does not refuse, and says how it would"
            raise ValueError(message)
        return self

    def holds(self, facts: Facts) -> bool:
        """Tell whether the rule is about what is asked."""
        return all(not facts[fact].isdisjoint(words) for fact, words in self.when.items()) and all(
            facts[fact].isdisjoint(words) for fact, words in self.unless.items()
        )


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: str
    rules: Annotated[list[Rule], Field(min_length=1)]


@cache
def chapters() -> Mapping[str, tuple[Rule, ...]]:
    """Read the rules, by the titles of their chapters, in the order in which they are asked."""
    found: dict[str, tuple[Rule, ...]] = {}
    for name in FILES:
        text = resources.files("vivant.provenance").joinpath("rules", f"{name}.yaml")
        held = parse(text.read_text(encoding="utf-8"))
        found[held.title] = tuple(held.rules)
    names = [rule.name for rules in found.values() for rule in rules]
    if len(set(names)) < len(names):
        message = "two rules have one name"
        raise ValueError(message)
    return MappingProxyType(found)


def rules() -> tuple[Rule, ...]:
    """Give all rules, in the order in which they are asked."""
    return tuple(rule for chapter in chapters().values() for rule in chapter)


def rule_named(name: str) -> Rule | None:
    """Find a rule."""
    return next((rule for rule in rules() if rule.name == name), None)


def parse(text: str) -> _File:
    """Read a file of rules, strictly: an unknown field, fact or word is an error.

    Raises:
        ValueError: It is none.
    """
    held: Any = yaml.safe_load(text)
    return _File.model_validate(held)

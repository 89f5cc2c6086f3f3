"""What people answer where a rule leaves it to them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from vivant.errors import ConsentError, InputError
from vivant.places import Places
from vivant.provenance.asked import Asked, Audience, rank
from vivant.provenance.consent import Consent, Use
from vivant.provenance.ledger import Entry, Ledger
from vivant.provenance.policy_facts import parts_of
from vivant.provenance.policy_ledger import Answered, Heard
from vivant.provenance.policy_rules import Rule, rule_named, rules
from vivant.provenance.safekeeping import canonical, sha256_hex, utc_now

Answer = Literal["yes", "no", "ask"]
HOLDS_FOR = timedelta(days=365)
"""How long what a person answered holds."""
_ID_DIGITS, _HASH_DIGITS = 32, 64


class PolicyError(ConsentError):
    """A rule forbids it, whatever the consent says; or a person must decide."""

    code = "consent.policy"
    answer: Answer = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a rule asks a person."""

    rule: str
    use: Use
    audience: Audience = "private"
    """For how many it would be."""
    about: str = ""
    """Hash of what else the rule looks at: words, territories, scenes; empty where that is nothing."""

    @property
    def options(self) -> str:
        """Write it as the command line takes it."""
        about = f" --about {self.about}" if self.about else ""
        return f"--rule {self.rule} --use {self.use} --audience {self.audience}{about}"


def question_of(rule: Rule, asked: Asked) -> Question:
    """Put what a rule asks of something that is to be made."""
    parts = parts_of(rule)
    about = ""
    if parts:
        facts = dataclasses.asdict(asked)
        about = sha256_hex(canonical({part: facts[part] for part in parts}))
    return Question(rule=rule.name, use=asked.use, audience=asked.reach, about=about)


def answer(
    consent: Consent,
    question: Question,
    *,
    yes: bool,
    by: str,
    reason_sha256: str | None = None,
    now: datetime | None = None,
    places: Places,
) -> Entry:
    """Write down what a person answered where a rule leaves it to people.

    A yes opens what was asked about, for a year, until the same person or another says no. Where a rule wants
    two people, two answers by one person count once. A yes for many holds for fewer; a no for few holds for more.

    Args:
        consent: The record that was asked about.
        question: What was asked; ``Decision.question`` has it.
        yes: The answer.
        by: Who answers, by id: 32 hex digits; not whoever asked for the film.
        reason_sha256: Hash of the reasons, kept elsewhere.
        now: The moment; now when left out.
        places: Where the ledger is.

    Returns:
        The ledger's line.

    Raises:
        InputError: There is no such rule, it leaves nothing to people, or the id is none.
        PolicyError: Whoever asked for the film answers their own question.
    """
    known = rule_named(question.rule)
    if known is None or known.answer != "ask":
        asking = ", ".join(one.name for one in rules() if one.answer == "ask")
        message = f"The rule {question.rule[:60]!r} asks no person. These do: {asking}."
        raise InputError(message)
    _insist_on_hex("the id of who answers", by, _ID_DIGITS)
    for what, text in (("about", question.about), ("the reasons' hash", reason_sha256 or "")):
        if text:
            _insist_on_hex(what, text, _HASH_DIGITS)
    if consent.requester is not None and by == consent.requester.entity_id:
        message = (
            f"Whoever asked for the film cannot answer for it. Let somebody else answer. (Rule "
            f"{question.rule}, consent {consent.record_id}.)"
        )
        error = PolicyError(message)
        error.rule = question.rule
        raise error
    facts: dict[str, Any] = {
        "record_id": consent.record_id,
        "record_sha256": consent.sha256,
        **dataclasses.asdict(question),
        "yes": yes,
        "by": by,
    }
    if reason_sha256 is not None:
        facts["reason_sha256"] = reason_sha256
    return Ledger.in_places(places).append("policy.answered", facts, now=now or utc_now())


def answered(
    question: Question, consent: Consent, heard: Heard, *, people: int, now: datetime
) -> Literal["yes", "no", "open"]:
    """Tell what people have answered to a question.

    Args:
        question: What a rule asks.
        consent: The record that it is about.
        heard: What the ledger says.
        people: How many different people must say yes.
        now: The moment.
    """
    latest: dict[str, Answered] = {}
    for one in heard.answers:
        fits = (one.rule, one.use, one.about) == (question.rule, question.use, question.about)
        if fits and one.record_sha256 == consent.sha256 and now < one.at + HOLDS_FOR:
            latest[one.by] = one
    wide = rank(question.audience)
    if any(not one.yes and rank(one.audience) <= wide for one in latest.values()):
        return "no"
    yes = sum(one.yes and rank(one.audience) >= wide for one in latest.values())
    return "yes" if yes >= people else "open"


def _insist_on_hex(what: str, text: str, digits: int) -> None:
    if len(text) != digits or any(sign not in "0123456789abcdef" for sign in text):
        message = f"It cannot be written down so: {what} has {digits} hex digits, and this has {len(text)} signs."
        raise InputError(message)

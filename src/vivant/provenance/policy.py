"""What may be made of whom: rules as data, each with its reason.

The rules lie in ``rules/``; a consent record narrows further, and never widens. ``decide`` says yes,
no or "ask a person", and why; ``permit`` raises unless the answer is yes; ``answer`` writes down what a
person answered. Every door that makes something of a person calls ``permit`` before any work, so that no
application can forget it. See ``docs/explanation/rules.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NoReturn

from vivant.errors import ConsentError, InputError
from vivant.provenance.asked import PRIVATELY, Asked, Audience, Said, Showing
from vivant.provenance.consent import (
    Consent,
    ConsentBrokenError,
    ConsentExpiredError,
    ConsentScopeError,
    ConsentWithdrawnError,
    Use,
)
from vivant.provenance.consent_authentic import ConsentForgedError, ConsentUnknownError
from vivant.provenance.ledger import Ledger
from vivant.provenance.policy_answers import (
    Answer,
    PolicyError,
    Question,
    answer,
    answered,
    question_of,
)
from vivant.provenance.policy_facts import Findings, find
from vivant.provenance.policy_ledger import hear
from vivant.provenance.policy_rules import Refusal, Rule, rule_named, rules

__all__ = [
    "PRIVATELY",
    "Answer",
    "Asked",
    "Audience",
    "Decision",
    "PolicyError",
    "Question",
    "Said",
    "Showing",
    "answer",
    "decide",
    "permit",
    "refuse",
]


_ERRORS: dict[Refusal, type[ConsentError]] = {
    "policy": PolicyError,
    "broken": ConsentBrokenError,
    "forged": ConsentForgedError,
    "unknown": ConsentUnknownError,
    "expired": ConsentExpiredError,
    "withdrawn": ConsentWithdrawnError,
    "scope": ConsentScopeError,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An explained answer."""

    answer: Answer
    rule: str
    """Name of the rule that decided; ``"consent"`` where none forbids it."""
    why: str
    """For people: the rule's reason in a sentence, and what was found."""
    ask: str = ""
    """What would help, and who could; empty with a yes."""
    question: Question | None = None
    """With ``"ask"``: what a person is asked, for ``answer``."""
    notes: tuple[str, ...] = ()
    """What whoever goes on must know or do."""
    rules: tuple[str, ...] = ()
    """All rules that hold of what was asked, the deciding one first."""


def decide(
    consent: Consent,
    asked: Asked | None = None,
    *,
    use: Use | None = None,
    now: datetime,
    ledger: Ledger | None = None,
) -> Decision:
    """Decide whether something may be made, and say why.

    Args:
        consent: The record.
        asked: What is to be made.
        use: What for, where nothing else is known; instead of ``asked``.
        now: The moment of asking.
        ledger: Where withdrawals and answers stand that the record's file does not know of.

    Returns:
        ``"no"`` from the first rule that forbids it; ``"ask"`` where a person must decide and has not; else
        ``"yes"``, with notes.
    """
    asked = _asked(asked, use)
    heard = hear(ledger, consent, photos=asked.photos, now=now)
    found = find(consent, asked, now=now, heard=heard)
    holding = [rule for rule in rules() if rule.holds(found.facts)]
    notes = tuple(f"{rule.why} {rule.help}" for rule in holding if rule.answer == "note")
    forbidding = [rule for rule in holding if rule.answer == "no"]
    asking = [rule for rule in holding if rule.answer == "ask"]
    for rule in forbidding:
        return _decision("no", rule, holding, found, asked, notes)
    for rule in asking:
        said = answered(question_of(rule, asked), consent, heard, people=rule.people, now=now)
        if said == "no":
            return _decision("no", rule, holding, found, asked, notes, "A person has said no.")
        if said == "open":
            return _decision("ask", rule, holding, found, asked, notes)
    why = f"Consent {consent.record_id} allows {asked.use}, and no rule forbids it."
    return Decision(
        answer="yes", rule="consent", why=why, notes=notes, rules=tuple(one.name for one in holding)
    )


def permit(
    consent: Consent,
    asked: Asked | None = None,
    *,
    use: Use | None = None,
    now: datetime,
    ledger: Ledger | None = None,
) -> Decision:
    """Insist that something may be made.

    Args:
        consent: As for ``decide``.
        asked: As for ``decide``.
        use: As for ``decide``.
        now: As for ``decide``.
        ledger: As for ``decide``.

    Returns:
        The decision, whose answer is yes; its notes are for whoever goes on.

    Raises:
        ConsentError: The record does not allow it (its own subclass), or a rule forbids it or asks for
            a person (``PolicyError``); ``rule`` names the rule, and so does the message.
    """
    asked = _asked(asked, use)
    decision = decide(consent, asked, now=now, ledger=ledger)
    if decision.answer == "yes":
        return decision
    rule = rule_named(decision.rule)
    error = _ERRORS["policy" if rule is None else rule.refusal](_told(decision, consent))
    error.rule = decision.rule
    if isinstance(error, PolicyError):
        error.answer = decision.answer
    raise error


def refuse(rule: str, *, consent_id: str, found: str = "") -> NoReturn:
    """Refuse by a rule that a door finds broken before there is a record to ask about.

    Args:
        rule: Its name.
        consent_id: Of the record that is missing or cannot be read.
        found: What was found, in words that name nobody.

    Raises:
        ConsentError: Always.
    """
    known = next(one for one in rules() if one.name == rule)
    why = f"{known.why} Found: {found}." if found else known.why
    error = _ERRORS[known.refusal](f"{why} {known.help} (Rule {rule}, consent {consent_id}.)")
    error.rule = rule
    raise error


def _asked(asked: Asked | None, use: Use | None) -> Asked:
    if asked is None and use is not None:
        return Asked(use=use)
    if asked is None or (use is not None and use != asked.use):
        message = "What is to be made must be said once: as asked, or as use."
        raise InputError(message)
    return asked


def _decision(
    said: Literal["no", "ask"],
    rule: Rule,
    holding: Iterable[Rule],
    found: Findings,
    asked: Asked,
    notes: tuple[str, ...],
    more: str = "",
) -> Decision:
    why = " ".join(part for part in (rule.why, more, found.found_for(rule)) if part)
    others = [one.name for one in holding if one.answer != "note" and one.name != rule.name]
    return Decision(
        answer=said,
        rule=rule.name,
        why=why,
        ask=rule.help,
        question=question_of(rule, asked) if said == "ask" else None,
        notes=notes,
        rules=(rule.name, *others),
    )


def _told(decision: Decision, consent: Consent) -> str:
    end = ""
    if decision.question is not None:
        end = f" A person must decide: vivant consent answer RECORD {decision.question.options} --by ID --yes, or --no."
    return (
        f"{decision.why} {decision.ask}{end} (Rule {decision.rule}, consent {consent.record_id}.)"
    )

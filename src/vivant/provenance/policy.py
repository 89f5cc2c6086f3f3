"""What may be made of whom: rules as data, each with its reason.

The rules are few and fixed; a consent record narrows further, and never widens. ``decide`` says
yes, no or "ask a person", and why; ``permit`` raises unless the answer is yes. The doors that make
films call it, so that no application can forget it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vivant.errors import ConsentError
from vivant.provenance.consent import Consent, Kind, Use
from vivant.provenance.ledger import Ledger

Answer = Literal["yes", "no", "ask"]


class PolicyError(ConsentError):
    """A rule forbids it, whatever the consent says; or a person must decide."""

    code = "consent.policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what it is about, what it answers, and why."""

    name: str
    """Stable; messages and logs call it so."""
    kinds: frozenset[Kind]
    """The consents it is about."""
    uses: frozenset[Use]
    """The uses it is about."""
    answer: Literal["no", "ask"]
    why: str
    """One sentence for the person who asked."""
    source: str
    """Where the rule comes from."""
    attested_only: bool = False
    """Whether it is about mere statements only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An explained answer."""

    answer: Answer
    rule: str
    """Name of the rule that decided; ``"consent"`` where the record did."""
    why: str


_DEAD: frozenset[Kind] = frozenset({"kin", "public-domain"})

RULES: tuple[Rule, ...] = (
    Rule(
        name="memorial.never-sells",
        kinds=_DEAD,
        uses=frozenset({"commerce"}),
        answer="no",
        why="The face of a dead person is never made to sell anything.",
        source="China, Civil Code practice: commercial use only if arranged in life; California "
        "Civil Code 3344.1; harms listed by Hollanek and Nowaczyk-Basinska, 2024.",
    ),
    Rule(
        name="memorial.never-live",
        kinds=_DEAD,
        uses=frozenset({"live"}),
        answer="no",
        why="The dead do not appear live: a film ends, and a stream pretends that they are here.",
        source="China, draft rules on anthropomorphic interactive AI, 2025-12-27; false presence in "
        "Hollanek and Nowaczyk-Basinska, 2024.",
    ),
    Rule(
        name="minor.never-sells",
        kinds=frozenset({"guardians"}),
        uses=frozenset({"commerce", "live", "training"}),
        answer="no",
        why="A minor's face is made for the family only.",
        source="GDPR article 8 and recital 38: children merit specific protection.",
    ),
    Rule(
        name="memorial.never-trains",
        kinds=_DEAD,
        uses=frozenset({"training"}),
        answer="no",
        why="Nobody but the person can agree to teach a model with the person's face or voice.",
        source="GDPR article 9; the films' own training opt-out (cawg.training-mining).",
    ),
    Rule(
        name="statement.private-only",
        kinds=frozenset({"self", "kin", "public-domain"}),
        uses=frozenset({"voice-likeness", "commerce", "live", "public-showing", "training"}),
        answer="no",
        why="A mere statement covers a film for private use; this needs a full record with evidence.",
        source="China, Deep Synthesis Provisions article 14: separate consent of the person edited.",
        attested_only=True,
    ),
    Rule(
        name="memorial.public-needs-a-person",
        kinds=frozenset({"kin"}),
        uses=frozenset({"public-showing"}),
        answer="ask",
        why="A showing to the public can hurt kin who were not asked; a person must look at it first.",
        source="China, the practice of private mourning as the accepted core; the Zhang Tianfu case, "
        "2025-10.",
    ),
)


def decide(consent: Consent, *, use: Use, now: datetime, ledger: Ledger | None = None) -> Decision:
    """Decide whether a use is allowed, and say why.

    Args:
        consent: The record.
        use: What is to be made.
        now: The moment of asking.
        ledger: Where a withdrawal may stand that the record's file does not know of.

    Returns:
        ``"no"`` from the first rule that forbids it, or from the record; ``"ask"`` where a person must
        decide; else ``"yes"``.
    """
    asked: Decision | None = None
    for rule in RULES:
        if not _is_about(rule, consent, use):
            continue
        decision = Decision(answer=rule.answer, rule=rule.name, why=rule.why)
        if rule.answer == "no":
            return decision
        asked = asked or decision
    refusal = _refusal(consent, use=use, now=now, ledger=ledger)
    if refusal is not None:
        return refusal
    why = f"Consent {consent.record_id} allows {use}, and no rule forbids it."
    return asked or Decision(answer="yes", rule="consent", why=why)


def permit(consent: Consent, *, use: Use, now: datetime, ledger: Ledger | None = None) -> Decision:
    """Insist that a use is allowed.

    Returns:
        The decision, whose answer is yes.

    Raises:
        ConsentError: The record does not allow it (its own subclass), or a rule forbids it or asks for
            a person (``PolicyError``); the message names the rule.
    """
    decision = decide(consent, use=use, now=now, ledger=ledger)
    if decision.answer == "yes":
        return decision
    if decision.rule == "consent":
        consent.require(use, now=now)
    end = "A person must decide." if decision.answer == "ask" else "It cannot be made."
    message = f"{decision.why} (Rule {decision.rule}, consent {consent.record_id}.) {end}"
    raise PolicyError(message)


def _is_about(rule: Rule, consent: Consent, use: Use) -> bool:
    attested = consent.collection_method == "attested"
    return consent.kind in rule.kinds and use in rule.uses and (attested or not rule.attested_only)


def _refusal(
    consent: Consent, *, use: Use, now: datetime, ledger: Ledger | None
) -> Decision | None:
    try:
        consent.require(use, now=now)
    except ConsentError as error:
        return Decision(answer="no", rule="consent", why=str(error))
    state = "given" if ledger is None else ledger.consent_state(consent.record_id)
    if state in ("withdrawn", "held"):
        why = f"The ledger says that consent {consent.record_id} is {state}. Ask for a new consent."
        return Decision(answer="no", rule="ledger", why=why)
    return None

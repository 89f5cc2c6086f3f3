"""The work behind ``vivant consent answer``."""

from __future__ import annotations

from pathlib import Path

from vivant.cli.consent_finding import find_record
from vivant.cli.screen import result, results_as_json
from vivant.media.files import sha256_of
from vivant.places import Places
from vivant.provenance.asked import Audience
from vivant.provenance.consent import Use
from vivant.provenance.policy import Question, answer
from vivant.provenance.policy_answers import HOLDS_FOR


def write_answer(
    called: str,
    *,
    rule: str,
    by: str,
    yes: bool,
    use: Use,
    audience: Audience,
    about: str,
    reason: Path | None,
    places: Places,
    as_json: bool,
) -> None:
    """Write an answer into the ledger, and say what it opens.

    Args:
        called: The record's file, or its id or the beginning of it.
        rule: The rule that asked.
        by: Who answers, by id.
        yes: The answer.
        use: What for.
        audience: Who will see it.
        about: Hash of what else was asked about.
        reason: A file with the reasons.
        places: Where the ledger and the records are.
        as_json: Whether the result is told as JSON.
    """
    consent = find_record(called, places=places).consent()
    question = Question(rule=rule, use=use, audience=audience, about=about)
    line = answer(
        consent,
        question,
        yes=yes,
        by=by,
        reason_sha256=None if reason is None else sha256_of(reason),
        places=places,
    )
    if as_json:
        results_as_json({"record_id": consent.record_id, "line": line.number, **line.facts})
        return
    said = "yes" if yes else "no"
    until = f"It holds for {HOLDS_FOR.days} days, or until somebody says no." if yes else "It holds until this person says yes."  # fmt: skip
    result(f"Answered  {said} to {rule}, for {use} ({audience}); line {line.number} of the ledger")
    result(f"          {until}")

"""The work behind ``vivant consent show`` and behind what happens to a consent later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vivant.cli.consent_finding import evidence_files, find_record
from vivant.cli.screen import harmless, note, result, results_as_json
from vivant.places import Places
from vivant.provenance import consent_events
from vivant.provenance.consent import Consent
from vivant.provenance.consent_authentic import check_consent
from vivant.provenance.consent_events import Happened, Outcome
from vivant.provenance.consent_evidence import evidence_of
from vivant.provenance.consent_history import FINAL, new_person, standing_at
from vivant.provenance.consent_keeping import kept_records
from vivant.provenance.ledger import Ledger
from vivant.provenance.safekeeping import utc_now
from vivant.studio.erasing import erase

SECRET_FIELDS = frozenset({"person", "note", "nonce", "seal"})
"""Fields of a record that are shown only to whoever asks for them."""
_SECRET_WITHIN = frozenset({"name", "words", "address", "contact"})


def without_secrets(thing: Any) -> Any:  # noqa: ANN401 -- whatever JSON holds
    """Leave out names, words and notes."""
    if isinstance(thing, dict):
        return {
            key: without_secrets(value)
            for key, value in thing.items()
            if key not in SECRET_FIELDS | _SECRET_WITHIN
        }
    if isinstance(thing, list):
        return [without_secrets(one) for one in thing]
    return thing


def list_records(*, places: Places, as_json: bool) -> None:
    """List the records of this machine and what holds of each."""
    now = utc_now()
    consent_events.expire_due(places=places, now=now)
    ledger = Ledger.in_places(places)
    rows = [
        {
            "record_id": consent.record_id,
            "kind": consent.kind,
            "state": standing_at(consent, ledger, now).state,
            "purposes": consent.purposes,
            "expires": consent.expires,
            "record": path,
        }
        for path, consent in kept_records(places)
    ]
    if as_json:
        results_as_json({"records": rows})
        return
    for row in rows:
        uses = ", ".join(row["purposes"])  # type: ignore[arg-type]
        result(f"{str(row['record_id'])[:12]}  {row['state']:<9}  {row['kind']:<13}  {uses}")
    if not rows:
        note("No consent was collected here yet: vivant consent new --kind self --form FORM.yaml")


def show_record(called: str, *, secrets: bool, places: Places, as_json: bool) -> None:
    """Show what a record says, and what holds of it."""
    found = find_record(called, places=places)
    consent = found.consent()
    ledger = Ledger.in_places(places)
    facts = consent.model_dump(mode="json", exclude_none=True)
    shown = facts if secrets else without_secrets(facts)
    standing = standing_at(consent, ledger, utc_now())
    genuine = check_consent(consent, ledger, places=places)
    if as_json:
        results_as_json(
            {
                "record": shown,
                "record_sha256": consent.sha256,
                "state": standing.state,
                "why": standing.why,
                "standing": genuine.standing,
                "file": found.file,
            }
        )
        return
    result(f"Consent   {consent.record_id} ({consent.kind})")
    result(f"State     {standing.state}: {standing.why}")
    result(f"Genuine   {genuine.standing}: {genuine.why}")
    for line in _lines(consent):
        result(harmless(line, lines=False))
    if secrets:
        for key in ("person", "note"):
            if key in facts:
                result(harmless(f"{key.capitalize():<9} {facts[key]}", lines=False))
    for event in shown["events"]:
        more = " ".join(str(event[key]) for key in ("relation", "name", "words") if key in event)
        told = f"Event     {event['event_time']} {event['event_type']} {more}"
        result(harmless(told.rstrip(), lines=False))
    if not secrets:
        note("Names, words and notes are not shown; add --secrets to see them.")


def _lines(consent: Consent) -> list[str]:
    until = "no day named" if consent.expires is None else f"{consent.expires:%Y-%m-%d %H:%M} UTC"
    lines = [
        f"Uses      {', '.join(consent.purposes)}",
        f"Speaks    {', '.join(consent.languages) if consent.languages else 'any language'}",
        f"Shown in  {', '.join(consent.territories) if consent.territories else 'any country'}",
        f"Given     {consent.given_at:%Y-%m-%d %H:%M} UTC, {consent.collection_method}",
        f"Until     {until}",
        f"SHA-256   {consent.sha256}",
    ]
    lines += [f"Evidence  {one.what} {one.sha256[:12]}" for one in consent.evidence]
    if consent.objection_until is not None:
        lines.append(f"Objecting until {consent.objection_until:%Y-%m-%d %H:%M} UTC")
    if consent.contract is not None:
        term = consent.contract
        lines.append(
            f"Contract  {', '.join(term.products)} in {', '.join(term.territories)}, "
            f"{term.begins:%Y-%m-%d} to {term.ends:%Y-%m-%d}"
        )
    return lines


def take_back(
    called: str, *, by: str | None, words: str | None, places: Places, as_json: bool
) -> None:
    """Withdraw a consent."""
    found = find_record(called, places=places)
    person = new_person(name=by, words=words) if by or words else None
    done = consent_events.withdraw(found.record_id, places=places, by=person, also=found.named)
    _tell(done, places=places, as_json=as_json)


def raise_objection(
    called: str,
    *,
    by: str,
    relation: str,
    words: str | None,
    evidence: Sequence[str],
    places: Places,
    as_json: bool,
) -> None:
    """Object against a consent."""
    papers = tuple(evidence_of(what, path) for what, path in evidence_files(evidence).items())
    found = find_record(called, places=places)
    done = consent_events.object_to(
        found.record_id,
        places=places,
        by=new_person(name=by, relation=relation, words=words),
        evidence=papers,
        also=found.named,
    )
    _tell(done, places=places, as_json=as_json)


def settle_objection(
    called: str,
    *,
    by: str,
    outcome: Outcome,
    objection: str | None,
    words: str | None,
    places: Places,
    as_json: bool,
) -> None:
    """Settle an objection."""
    found = find_record(called, places=places)
    done = consent_events.settle(
        found.record_id,
        places=places,
        by=new_person(name=by, words=words),
        outcome=outcome,
        objection=objection,
        also=found.named,
    )
    _tell(done, places=places, as_json=as_json)


def put_on_hold(called: str, *, by: str, words: str | None, places: Places, as_json: bool) -> None:
    """Hold a consent."""
    found = find_record(called, places=places)
    person = new_person(name=by, words=words)
    done = consent_events.hold(found.record_id, places=places, by=person, also=found.named)
    _tell(done, places=places, as_json=as_json)


def end_hold(called: str, *, by: str, words: str | None, places: Places, as_json: bool) -> None:
    """Release a consent from a hold."""
    found = find_record(called, places=places)
    person = new_person(name=by, words=words)
    done = consent_events.release(found.record_id, places=places, by=person, also=found.named)
    _tell(done, places=places, as_json=as_json)


def _tell(done: Happened, *, places: Places, as_json: bool) -> None:
    gone = erase(done.record_id, places=places) if done.state in FINAL else None
    followed = done.followed
    if as_json:
        results_as_json(
            {
                "record_id": done.record_id,
                "state": done.state,
                "events": [
                    {
                        "event_id": one.event_id,
                        "event_type": one.event_type,
                        "event_time": one.event_time,
                    }
                    for one in done.events
                ],
                "files": done.files,
                "films_withdrawn": followed.newly_withdrawn,
                "erased_files": 0 if gone is None else gone.files,
                "certificate": None if gone is None else gone.certificate,
            }
        )
        return
    result(f"Consent   {done.record_id} is {done.state} now.")
    for one in done.events:
        result(f"Event     {one.event_id} {one.event_type}")
    if gone is not None:
        made = len(followed.films) + len(followed.sounds)
        result(
            f"Followed  {made} films and sounds made with it are withdrawn; links to them are dead."
        )
        result(
            f"Erased    {gone.files} work files. Certificate: {gone.certificate or 'none was needed'}"
        )
    if not done.files:
        note(
            "Its file is not on this machine. The ledger knows of it, and nothing more is made here."
        )

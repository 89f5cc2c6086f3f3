"""The work behind ``vivant consent check`` and ``vivant consent receipt``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from vivant.cli.consent_finding import find_record
from vivant.cli.consent_making import put_receipt, receipt_stem
from vivant.cli.screen import note, result, results_as_json
from vivant.errors import ConsentError, InputError, PapersError, ResourceError
from vivant.places import Places
from vivant.provenance import consent_events
from vivant.provenance.consent import USES, Consent
from vivant.provenance.consent_authentic import check_consent
from vivant.provenance.consent_history import complete, ledger_state, standing_at
from vivant.provenance.consent_keeping import import_record
from vivant.provenance.ledger import Ledger
from vivant.provenance.receipts import check_receipt, make_receipt, read_receipt
from vivant.provenance.safekeeping import utc_now

HOLDS, HOLDS_NOT = 0, ConsentError.exit_code


def check_record(
    called: str,
    *,
    at: datetime | None,
    use: str | None,
    take_in: bool,
    places: Places,
    as_json: bool,
) -> int:
    """Tell whether a record is genuine and holds, and what for.

    Returns:
        The exit code: 0 when it is genuine, holds at that moment, and covers the use if one was named.
    """
    if use is not None and use not in USES:
        message = f"There is no use called {use!r}. Uses are {', '.join(USES)}."
        raise InputError(message)
    moment = utc_now() if at is None else at.replace(tzinfo=at.tzinfo or UTC)
    found = find_record(called, places=places)
    ledger = Ledger.in_places(places)
    if found.file is None:
        return _without_file(found.record_id, ledger, as_json=as_json)
    consent = found.consent()
    if take_in:
        consent = _taken_in(consent, places)
    genuine = check_consent(consent, ledger, places=places)
    if genuine.standing == "known" and _completed(consent.record_id, places, found.named):
        consent = found.consent()
    standing = standing_at(consent, ledger, moment)
    covered = use is None or use in consent.uses
    holds = genuine.ok and standing.state == "given" and covered
    if as_json:
        results_as_json(
            {
                "record_id": consent.record_id,
                "record_sha256": consent.sha256,
                "kind": consent.kind,
                "holds": holds,
                "at": moment,
                "state": standing.state,
                "why": standing.why,
                "open_objections": standing.open_objections,
                "may_still_be_objected": standing.may_still_be_objected,
                "standing": genuine.standing,
                "standing_why": genuine.why,
                "seal": genuine.seal,
                "uses": consent.purposes,
                "languages": consent.languages,
                "territories": consent.territories,
                "expires": consent.expires,
            }
        )
        return HOLDS if holds else HOLDS_NOT
    result(f"Consent   {consent.record_id} ({consent.kind})")
    result(f"Genuine   {'yes' if genuine.ok else 'NO'}: {genuine.why}")
    result(
        f"State     {standing.state} at {moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {standing.why}"
    )
    result(f"Uses      {', '.join(consent.purposes)}")
    if standing.open_objections:
        result(
            f"Open      {standing.open_objections} objections; settle them: vivant consent settle"
        )
    if standing.may_still_be_objected:
        result(
            "Waiting   other kin may still object; until then it is for those who ordered it alone"
        )
    if not covered:
        result(f"Not for   {use}: ask for a consent that names it")
    if genuine.standing == "unknown":
        note(
            "Look at it (vivant consent show FILE --secrets), and take it in: vivant consent check FILE --import"
        )
    return HOLDS if holds else HOLDS_NOT


def _taken_in(consent: Consent, places: Places) -> Consent:
    """Take a record in; what follows a withdrawal follows here too, where it was taken back elsewhere."""
    known = import_record(consent, places=places)
    if Ledger.in_places(places).state_of(known.record_id).state == "withdrawn":
        consent_events.withdraw(known.record_id, places=places)
    return known


def _completed(record_id: str, places: Places, named: Path | None) -> bool:
    """Complete the record's files from the ledger, where they may be written; what holds is told without it too."""
    try:
        return complete(record_id, places=places, also=named)
    except ResourceError as error:
        note(f"The record's file was not completed from the ledger. {error}")
        return False


def _without_file(record_id: str, ledger: Ledger, *, as_json: bool) -> int:
    state = ledger_state(record_id, ledger)
    known = bool(ledger.events_of(record_id))
    why = (
        "The ledger knows it; its file is not on this machine."
        if known
        else "Nobody here knows such a consent."
    )
    if as_json:
        facts = {"record_id": record_id, "holds": False, "why": why}
        results_as_json(facts | {"state": state if known else "unknown"})
    else:
        result(f"Consent   {record_id}: {state if known else 'unknown'}. {why}")
    return HOLDS_NOT


def write_receipt(
    called: str | None, *, output: Path | None, language: str, places: Places, as_json: bool
) -> None:
    """Write a receipt of a record as it stands.

    Raises:
        InputError: No record was named, or the output would overwrite something.
    """
    if called is None:
        message = "Say which record the receipt is for, or check one with --check FILE.json."
        raise InputError(message)
    consent = find_record(called, places=places).consent()
    to = output or receipt_stem(consent, places=places)
    if output is not None and (output.exists() or output.suffix != ".json"):
        message = f"{output} is there already, or does not end in .json. Choose another name for the receipt."
        raise InputError(message)
    receipt = make_receipt(consent, places=places)
    paths = put_receipt(receipt, to, language=language)
    if as_json:
        results_as_json({"receipt": paths[0], "receipt_text": paths[1], "content": receipt})
        return
    result(f"Receipt   {paths[1]}, for people; {paths[0]}, for programs")


def check_receipt_file(path: Path, *, record: str | None, places: Places, as_json: bool) -> int:
    """Check a receipt, against its record where one is named.

    Returns:
        The exit code: 0 when it is genuine and its signer is trusted here.
    """
    consent = None if record is None else find_record(record, places=places).consent()
    found = check_receipt(read_receipt(path), places=places, consent=consent)
    if as_json:
        results_as_json(found)
    else:
        result(f"Receipt   {'genuine' if found.ok else 'NOT genuine, or not trusted'}: {found.why}")
        if found.record_id is not None:
            result(f"Record    {found.record_id}, SHA-256 {found.record_sha256}")
    return 0 if found.ok else PapersError.exit_code

"""The work behind ``vivant consent new``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vivant.cli.consent_finding import evidence_files
from vivant.cli.screen import note, result, results_as_json
from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.consent import Consent, Kind, write_consent
from vivant.provenance.consent_evidence import keep_evidence
from vivant.provenance.consent_filling import record_from
from vivant.provenance.consent_forms import form_for, form_of, read_form
from vivant.provenance.consent_keeping import collect, kept_path
from vivant.provenance.receipts import make_receipt, receipt_text
from vivant.provenance.safekeeping import canonical, write_private
from vivant.settings import Settings


def write_form(kind: Kind | None, to: Path, *, as_json: bool) -> None:
    """Write an empty form, for its owner's eyes.

    Raises:
        InputError: The kind is missing, or there is a file of that name.
    """
    if kind is None:
        message = "Say whose consent it is, so that the form fits: --kind self, kin, guardians, presenter or public-domain."
        raise InputError(message)
    if to.exists():
        message = f"{to} is there already, and may hold answers. Choose another name for the form."
        raise InputError(message)
    write_private(to, form_for(kind).encode())
    if as_json:
        results_as_json({"kind": kind, "form": str(to)})
    else:
        result(f"Form      {to}")
        result(f"Next      fill it in; then: vivant consent new --from {to}")


def make_record(
    kind: Kind | None,
    *,
    filled_in: Path | None,
    evidence: Sequence[str],
    keep: bool,
    output: Path | None,
    language: str,
    as_json: bool,
    settings: Settings,
) -> Consent:
    """Collect a consent, and write record and receipt."""
    places = settings.places
    papers = evidence_files(evidence)
    if output is not None and output.exists():
        message = (
            f"{output} is there already, and records are never overwritten. Choose another name."
        )
        raise InputError(message)
    if filled_in is not None:
        form, folder = read_form(filled_in), filled_in.parent
        if kind is not None and form.kind != kind:
            message = f"The form is of the kind {form.kind}, and --kind says {kind}. Use one or the other."
            raise InputError(message)
    else:
        form, folder = form_of(_answers(kind)), Path()
    consent = collect(record_from(form, folder=folder, evidence=papers), places=places)
    kept = kept_path(consent.record_id, places=places)
    if output is not None:
        write_consent(consent, output)
    if keep:
        for path in papers.values():
            keep_evidence(consent.record_id, path, places=places)
    receipt = make_receipt(consent, places=places)
    stem = output.with_suffix("") if output else places.data / "receipts" / consent.record_id
    receipt_json, receipt_md = put_receipt(
        receipt, stem.with_name(f"{stem.name}.receipt.json"), language=language
    )
    _tell(consent, output or kept, receipt_json, receipt_md, as_json=as_json)
    return consent


def put_receipt(receipt: dict[str, Any], to: Path, *, language: str) -> tuple[Path, Path]:
    """Write a receipt twice: for programs, and for people beside it."""
    text = to.with_suffix(".md")
    write_private(to, canonical(receipt) + b"\n")
    write_private(text, receipt_text(receipt, language=language).encode())
    return to, text


def _answers(kind: Kind | None) -> dict[str, Any]:
    if not sys.stdin.isatty():
        message = (
            "Questions need a terminal, and this is none. Write a form with --kind KIND --form FORM.yaml, fill it in, "
            "and give it with --from FORM.yaml."
        )
        raise InputError(message)
    from vivant.cli.consent_asking import ask_all

    return ask_all(kind)


def _tell(consent: Consent, record: Path, receipt: Path, text: Path, *, as_json: bool) -> None:
    if as_json:
        results_as_json(
            {
                "record_id": consent.record_id,
                "record_sha256": consent.sha256,
                "kind": consent.kind,
                "purposes": consent.purposes,
                "expires": consent.expires,
                "objection_until": consent.objection_until,
                "record": record,
                "receipt": receipt,
                "receipt_text": text,
            }
        )
        return
    result(f"Consent   {consent.record_id} ({consent.kind}): {', '.join(consent.purposes)}")
    result(f"Record    {record} (keep it private: it holds names)")
    result(f"Receipt   {text}, for people; {receipt}, for programs. Give both to whoever agreed.")
    if consent.objection_until is not None:
        note(
            f"Other kin may object until {consent.objection_until:%Y-%m-%d %H:%M} UTC; until then it is for you alone."
        )
    note(
        f"Use it with --consent {record}; take it back with: vivant consent withdraw {consent.record_id[:12]}"
    )


def receipt_stem(consent: Consent, *, places: Places) -> Path:
    """Tell where the receipt of a record goes when nobody says otherwise."""
    return places.data / "receipts" / f"{consent.record_id}.receipt.json"

"""The work behind ``vivant consent export``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vivant.cli.consent_finding import find_record
from vivant.cli.consenting import without_secrets
from vivant.cli.screen import result, results_as_json
from vivant.errors import InputError
from vivant.places import Places
from vivant.provenance.jsonld import record_to_jsonld
from vivant.provenance.safekeeping import canonical, write_private


def give_out(
    called: str,
    *,
    as_jsonld: bool,
    names: bool,
    output: Path | None,
    places: Places,
    as_json: bool,
) -> None:
    """Write a record for somebody else.

    Raises:
        InputError: The output is there already.
    """
    if output is not None and output.exists():
        message = f"{output} is there already. Choose another name."
        raise InputError(message)
    consent = find_record(called, places=places).consent()
    facts: dict[str, Any]
    if as_jsonld:
        facts = record_to_jsonld(consent, names=names)
    else:
        whole = consent.model_dump(mode="json", exclude_none=True)
        facts = {**(whole if names else without_secrets(whole)), "sha256": consent.sha256}
    if output is None:
        results_as_json(facts)
        return
    write_private(output, canonical(facts) + b"\n")
    if as_json:
        results_as_json({"record_id": consent.record_id, "output": output})
    else:
        result(f"Export    {output}")

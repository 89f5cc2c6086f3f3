"""What ``vivant ledger`` does."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from vivant.cli.screen import note, result, results_as_json
from vivant.errors import InputError
from vivant.media.files import read_limited
from vivant.provenance.consent_keeping import full_id
from vivant.provenance.film_states import state_of_film
from vivant.provenance.ledger import Entry, Ledger, LedgerError
from vivant.provenance.ledger_head import Checkpoint, read_checkpoint
from vivant.provenance.ledger_states import ConsentState, state_from
from vivant.provenance.record import is_film_id
from vivant.provenance.safekeeping import canonical, write_private
from vivant.settings import Settings

_CHECKPOINT_BYTES = 1 << 16


def verify(against: Sequence[Path], *, as_json: bool, settings: Settings) -> int:
    """Check the ledger; give the exit code."""
    witnesses = [_witness(path) for path in against]
    report = Ledger.in_places(settings.places).verify(witnesses=witnesses)
    if as_json:
        results_as_json(report)
    else:
        result(report.why)
        for one in report.notes:
            note(f"Note: {one}", style="yellow")
        if not report.ok:
            result(f"First bad line: {report.broken_line} ({report.fault}).")
    return 0 if report.ok else LedgerError.exit_code


def _witness(path: Path) -> Checkpoint:
    data = read_limited(path, at_most_bytes=_CHECKPOINT_BYTES, what="checkpoint")
    try:
        return read_checkpoint(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = (
            "The file is no checkpoint of a ledger. Give one that vivant ledger checkpoint wrote."
        )
        raise InputError(message) from error


def show(about: str | None, *, last: int, as_json: bool, settings: Settings) -> None:
    """Show lines."""
    ledger = Ledger.in_places(settings.places)
    entries = ledger.entries() if about is None else ledger.about(about)
    shown = list(deque(entries, maxlen=last))
    if as_json:
        results_as_json([_plain(entry) for entry in shown])
        return
    if not shown:
        note("There is no such line." if about else "The ledger is empty.")
    for entry in shown:
        facts = ", ".join(f"{name} {_short(value)}" for name, value in entry.facts.items())
        result(f"{entry.number:>6}  {entry.time}  {entry.event:<18}  {facts}")


def _plain(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "time": entry.time,
        "event": entry.event,
        "facts": dict(entry.facts),
        "sha256": entry.sha256,
    }


def _short(value: object) -> str:
    if isinstance(value, list):
        return "+".join(_short(one) for one in value)
    text = str(value)
    return text[:12] if len(text) == 64 else text


def state(what: str, *, at: str | None, as_json: bool, settings: Settings) -> None:
    """Tell what holds of a consent or a film."""
    ledger = Ledger.in_places(settings.places)
    moment = ledger.moment() if at is None else moment_in(at)
    facts: dict[str, Any]
    if is_film_id(what):
        film = state_of_film(ledger, what, at=moment)
        facts = {"id": what, "what": "film", "state": film.state, "since": film.since}
        told, facts["why"], facts["consents"] = film.why, film.why, film.consents
    else:
        what = full_id(what, places=settings.places)
        found = ledger.state_of(what, at=moment)
        films = ledger.films_of(what)
        facts = {"id": what, "what": "consent", **_told_as(found), "films": films}
        told = f"Consent {what} is {found.state}{_since(found)}; {len(films)} films were made under it."
    if as_json:
        results_as_json({**facts, "at": moment})
    else:
        result(told)


def _told_as(found: ConsentState) -> dict[str, Any]:
    return {"state": found.state, "since": found.since, "line": found.number}


def _since(found: ConsentState) -> str:
    if found.since is None:
        return " to this ledger" if found.state == "unknown" else ""
    return f" since {found.since:%Y-%m-%d %H:%M} UTC (line {found.number})"


def at_date(date: str, *, as_json: bool, settings: Settings) -> None:
    """Tell what held of every consent."""
    moment = moment_in(date)
    by_consent: dict[str, list[Entry]] = {}
    for entry in Ledger.in_places(settings.places).entries():
        if entry.event.startswith("consent.") and isinstance(entry.facts.get("record_id"), str):
            by_consent.setdefault(entry.facts["record_id"], []).append(entry)
    found = {
        one: state_from(entries, one, at=moment)
        for one, entries in by_consent.items()
        if entries[0].moment <= moment
    }
    if as_json:
        told = [{"consent_id": one, **_told_as(state)} for one, state in found.items()]
        results_as_json({"at": moment, "consents": told})
        return
    for one, consent in found.items():
        result(f"{one}  {consent.state}{_since(consent)}")
    note(f"{len(found)} consents were known at {moment:%Y-%m-%d %H:%M} UTC.")


def checkpoint(output: Path | None, *, settings: Settings) -> None:
    """Seal how far the ledger goes."""
    sealed = Ledger.in_places(settings.places).checkpoint()
    if output is not None:
        write_private(output, canonical(sealed) + b"\n")
    results_as_json(sealed)
    note(
        f"The ledger has {sealed['lines']} lines. Let somebody else keep this: it shows later whether they are still "
        "the same."
    )


def moment_in(text: str) -> datetime:
    """Read a date, which means its end, or a moment; UTC unless it says otherwise.

    Raises:
        InputError: It is neither.
    """
    try:
        if len(text) == len("2026-11-22"):
            day = datetime.fromisoformat(text).date()
            return datetime.combine(day, time.max, UTC).replace(microsecond=0)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        message = f"{text!r} is no date. Give 2026-11-22, or 2026-11-22T18:30Z."
        raise InputError(message) from error
    found = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return found.replace(microsecond=0)

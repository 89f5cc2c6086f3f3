"""Entries of films that nobody made."""

from __future__ import annotations

from datetime import UTC, datetime

from vivant.provenance.register.entry import Entry


def entry_of(number: int, *, consent: str = "") -> Entry:
    """An entry of a film of twelve seconds."""
    return Entry(
        made_id=f"{number:016x}",
        kind="film",
        file_sha256=f"{number:064x}",
        record_sha256=f"{number + (1 << 200):064x}",
        made_at=datetime(2026, 1, 1, tzinfo=UTC),
        seconds=12.0,
        consent_ids=(consent or f"consent{number:09d}",),
    )

"""Work files are erased, with a certificate: when a consent ends, when somebody asks, and when nobody used them for long.

A plan is written first, with the hash of every file, so that a run that was killed is finished by the next one, and the
certificate still tells all. Files are unlinked. Overwriting them would promise more than it does: on SSDs and on file
systems that copy on write, old blocks stay until the disk reuses them. Encrypt the disk, and a file that was unlinked is
as good as gone.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from vivant.errors import InputError, ResourceError
from vivant.media.files import sha256_of
from vivant.places import Places
from vivant.provenance.consent_events import expire_due
from vivant.provenance.ledger import Ledger
from vivant.provenance.ledger_lines import stamp_of
from vivant.provenance.register.register import Register
from vivant.provenance.safekeeping import (
    canonical,
    locked,
    private_folder,
    sha256_hex,
    utc_now,
    write_private,
)
from vivant.provenance.sealing import seal
from vivant.provenance.withdrawing import check_id
from vivant.studio.store import Store
from vivant.studio.work_files import VOICE, WorkFile, old_work_files, work_files_of
from vivant.voice.profiles import forget_profile

Reason = Literal["withdrawn", "expired", "erased", "request", "unused"]
DOCUMENT = "erasure-certificate/1"
KEPT_DAYS = 30
"""Work files that nobody used for so long are erased by ``erase_due``."""
LIMITS = (
    "The files were unlinked, not overwritten: on SSDs and on file systems that copy on write overwriting reaches nothing. "
    "Backups, copies made by others, films that are whole and previews are not reached: they lie where somebody wanted them."
)
STAYS = (
    "the ledger's lines: ids and hashes",
    "the register's hashes, by which copies are recognised",
    "the consent's record, until it is erased itself",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased."""

    consent_id: str | None
    """Nothing where it was what nobody had used for long."""
    reason: Reason
    files: int
    bytes: int
    kinds: dict[str, int]
    """How many of each kind."""
    certificate: Path | None
    """Sealed; nothing where there was nothing to erase."""


def erase(consent_id: str, *, now: datetime | None = None, places: Places | None = None) -> Erased:
    """Erase all work files that were made under a consent, whatever holds of it; once more erases what is new.

    A consent that still holds goes on holding: this is also how somebody asks for the work files alone. Where the
    consent has ended, the register is left with hashes only.

    Args:
        consent_id: The record's id.
        now: The moment; now when left out.
        places: Where everything lies.

    Raises:
        InputError: The id is none.
        ResourceError: A file cannot be removed; what could be was, and the next run goes on.
    """
    places = places or Places()
    moment = utc_now() if now is None else now
    ledger = Ledger.in_places(places)
    found = ledger.state_of(check_id(consent_id), at=ledger.moment(moment))
    reason: Reason = "request"
    if found.state == "withdrawn" or found.state == "expired" or found.state == "erased":  # noqa: PLR1714 - narrows
        reason = found.state
        _shrink_register(consent_id, places=places)
    files = work_files_of(consent_id, places=places)
    done = _erase(consent_id, files, reason, line=found.number, now=moment, places=places)
    Store.in_places(places).disown(consent_id)
    return done


def erase_due(
    *, keep_days: int = KEPT_DAYS, now: datetime | None = None, places: Places | None = None
) -> tuple[Erased, ...]:
    """Erase what is due: of consents that have ended, and what nobody used for long. Finishes what was left half done.

    Args:
        keep_days: How long unused work files are kept.
        now: The moment; now when left out.
        places: Where everything lies.

    Returns:
        What was erased, where anything was.
    """
    places = places or Places()
    moment = utc_now() if now is None else now
    expire_due(now=moment, places=places)
    over: dict[str, None] = {}
    for entry in Ledger.in_places(places).entries():
        if entry.event in ("consent.withdrawn", "consent.expired", "consent.erased"):
            over[str(entry.facts.get("record_id"))] = None
    for plan in _folder(places).glob("*.plan"):
        over.setdefault(plan.stem, None)
    known = [one for one in over if one != _UNUSED]
    done = [erase(consent_id, now=moment, places=places) for consent_id in known]
    old = old_work_files(unused_since=moment - timedelta(days=keep_days), now=moment, places=places)
    done.append(_erase(None, old, "unused", line=None, now=moment, places=places))
    return tuple(one for one in done if one.files)


_UNUSED = "unused"


def _folder(places: Places) -> Path:
    return places.data / "erasing"


def _erase(
    consent_id: str | None,
    files: Sequence[WorkFile],
    reason: Reason,
    *,
    line: int | None,
    now: datetime,
    places: Places,
) -> Erased:
    folder = _folder(places)
    path = folder / f"{consent_id or _UNUSED}.plan"
    if not files and not path.is_file():
        return Erased(
            consent_id=consent_id, reason=reason, files=0, bytes=0, kinds={}, certificate=None
        )
    with locked(private_folder(folder) / "erasing.lock"):
        plan = _planned(path) or {
            "erasure_id": secrets.token_hex(16),
            "consent_id": consent_id,
            "reason": reason,
            "line": line,
            "began": stamp_of(now),
            "files": [],
        }
        known = {one["path"] for one in plan["files"]}
        plan["files"] += [one for one in _described(files) if one["path"] not in known]
        write_private(path, canonical(plan))
        for one in plan["files"]:
            _unlink(one["kind"], Path(one["path"]), places=places)
        certificate = _certified(plan, now=now, places=places)
        path.unlink(missing_ok=True)
    kinds: dict[str, int] = {}
    for one in plan["files"]:
        kinds[one["kind"]] = kinds.get(one["kind"], 0) + 1
    return Erased(
        consent_id=consent_id,
        reason=plan["reason"],
        files=len(plan["files"]),
        bytes=sum(one["bytes"] for one in plan["files"]),
        kinds=kinds,
        certificate=certificate,
    )


def _planned(path: Path) -> dict[str, Any] | None:
    """Read a plan that a killed run left; one that cannot be read is made anew."""
    try:
        plan = json.loads(path.read_bytes())
        return plan if isinstance(plan, dict) and isinstance(plan["files"], list) else None
    except (OSError, ValueError, KeyError, RecursionError):
        return None


def _described(files: Sequence[WorkFile]) -> list[dict[str, Any]]:
    told = []
    for one in files:
        with contextlib.suppress(InputError):  # gone meanwhile
            told.append({**asdict(one), "path": str(one.path), "sha256": sha256_of(one.path)})
    return told


def _unlink(kind: str, path: Path, *, places: Places) -> None:
    try:
        if kind == VOICE and path.is_file():
            forget_profile(path.stem, places=places)
        path.unlink(missing_ok=True)
    except OSError as error:
        message = (
            f"A work file ({kind}) could not be removed ({error.strerror}). Mend the folder's permissions and erase again; "
            "what was removed already is remembered."
        )
        raise ResourceError(message) from error


def _certified(plan: dict[str, Any], *, now: datetime, places: Places) -> Path:
    """Seal a certificate, and write into the ledger that it was made; once, however often a run is killed."""
    erasure_id = str(plan["erasure_id"])
    kinds: dict[str, dict[str, Any]] = {}
    for one in plan["files"]:
        kind = kinds.setdefault(one["kind"], {"count": 0, "bytes": 0, "sha256": []})
        kind["count"] += 1
        kind["bytes"] += one["bytes"]
        kind["sha256"].append(one["sha256"])
    facts = {
        "document": DOCUMENT,
        "erasure_id": erasure_id,
        "consent_id": plan["consent_id"],
        "reason": plan["reason"],
        "ledger_line": plan["line"],
        "began": plan["began"],
        "ended": stamp_of(now),
        "erased": kinds,
        "stays": list(STAYS),
        "limits": LIMITS,
    }
    path = private_folder(places.data / "certificates") / f"erasure-{erasure_id[:16]}.json"
    ledger = Ledger.in_places(places)
    if any(entry.event == "work.erased" for entry in ledger.about(erasure_id)):
        return path
    sealed = canonical(
        seal(
            {key: value for key, value in facts.items() if value is not None},
            places=places,
            now=now,
        )
    )
    write_private(path, sealed + b"\n")
    told = {
        "erasure_id": erasure_id,
        "reason": plan["reason"],
        "files": len(plan["files"]),
        "bytes": sum(one["bytes"] for one in plan["files"]),
        "certificate_sha256": sha256_hex(sealed + b"\n"),
    }
    if plan["consent_id"] is not None:
        told["consent_id"] = plan["consent_id"]
    ledger.append("work.erased", told, now=now)
    return path


def _shrink_register(consent_id: str, *, places: Places) -> None:
    """Leave the register of films under an ended consent what it needs to recognise copies, and no more."""
    register, ledger = Register.in_places(places), Ledger.in_places(places)
    for made_id in (*ledger.films_of(consent_id), *ledger.sounds_of(consent_id)):
        known = register.by_id(made_id)
        if known is not None and known.state != "erased":
            register.set_state(made_id, "erased")

"""The work behind ``vivant label``, and what film commands wish of the label."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from vivant.cli.screen import note, result, results_as_json
from vivant.cli.wishes import Shown
from vivant.errors import InputError, PapersError
from vivant.places import Places
from vivant.provenance.consent import Consent, read_consent
from vivant.provenance.label_duties import checked_codes, territories
from vivant.provenance.labelling import LabelWish, labelling_for
from vivant.provenance.policy import Showing
from vivant.provenance.safekeeping import utc_now
from vivant.provenance.unlabelled import (
    LANGUAGES,
    PURPOSES,
    Audience,
    Language,
    Purpose,
    Waiver,
    agree,
    agreement_sha256,
    agreement_text,
    films_under,
    kept_waivers,
    lost_waivers,
    read_waiver,
    tidy,
)

LEAST_DIGITS = 12
"""Of the agreement's hash, that show that it was read."""


def label_wish(shown: Shown, *, places: Places) -> LabelWish:
    """Read what was typed about the label.

    Raises:
        InputError: A territory is none.
        WaiverError: There is no such agreement.
    """
    codes = checked_codes(shown.territories) if shown.territories else None
    waiver = None if shown.waiver is None else read_waiver(shown.waiver, places=places)
    if waiver is not None and codes is None:
        codes = waiver.territories
    wish = LabelWish(
        territories=codes, throughout=shown.between.value, waiver=waiver, marks=shown.marks
    )
    wish.labelling()  # so that a code that is none is told before any work
    return wish


def showing_of(shown: Shown) -> Showing:
    """Tell to whom, where and for what a film will be shown, as it was typed."""
    return Showing(
        audience=None if shown.audience is None else shown.audience.value,
        territories=checked_codes(shown.territories) if shown.territories else None,
        products=shown.products,
    )


def show_duties(codes: Sequence[str], *, as_json: bool) -> None:
    """Tell what a label owes where, and why."""
    labelling = labelling_for(codes or None)
    house = territories().house
    if as_json:
        results_as_json(
            {
                "text": labelling.text,
                "least_share": labelling.least_share,
                "stands_s": house.stands_s,
                "checked": territories().checked.isoformat(),
                "duties": [duty.model_dump(mode="json") for duty in labelling.duties],
            }
        )
        return
    result(f"Label     {labelling.text}")
    percent = float(100 * labelling.least_share)
    result(f"Size      every letter at least {percent:g} % of the shorter side high, top right")
    result(f"When      the first and the last {house.stands_s} s; live: every frame")
    for duty in labelling.duties:
        result(f"\n{duty.title}, since {duty.since:%Y-%m-%d}")
        told = (
            ("words", f"{duty.words}. {duty.elements_reason}"),
            ("size", duty.size_reason),
            ("place", duty.place_reason),
            ("times", duty.times_reason),
            ("live", duty.live_reason),
            ("stills", duty.still),
            ("cards", duty.card),
            ("sound", duty.sound),
            ("without", duty.left_out_reason),
        )
        for name, text in told:
            result(f"  {name:<8} {text}")
        for source in duty.sources:
            result(f"  source   {source}")
    note(
        f"The sources were looked at on {territories().checked:%Y-%m-%d}; law moves. This is no legal advice."
    )


def show_terms(language: str, *, as_json: bool) -> None:
    """Show the agreement that must be read before a label is left out."""
    chosen = _language(language)
    text, sha256 = agreement_text(chosen), agreement_sha256(chosen)
    if as_json:
        results_as_json({"language": chosen, "sha256": sha256, "text": text})
        return
    result(text)
    note(
        f"If you agree: vivant label agree --read {sha256[:LEAST_DIGITS]} --language {chosen} --consent FILE --territory CODE"
    )


def make_agreement(
    consents: Sequence[Path],
    *,
    read: str,
    language: str,
    codes: Sequence[str],
    purpose: str,
    audience: Audience,
    film_id: str | None,
    days: int,
    words: str | None,
    by: str | None,
    as_json: bool,
    places: Places,
) -> None:
    """Write down that somebody asked for a film without the label, and agreed to the terms."""
    chosen = _language(language)
    sha256 = agreement_sha256(chosen)
    if len(read) < LEAST_DIGITS or not sha256.startswith(read.lower()):
        message = f"--read is not the number of the agreement as it is now. Read it: vivant label terms --language {chosen}."
        raise InputError(message)
    if not codes:
        message = "An agreement is for the places that it names. Say where the film will be shown: --territory CN."
        raise InputError(message)
    waiver = agree(
        [_given(path) for path in consents],
        asked_by=by or secrets.token_hex(16),
        purpose=_purpose(purpose),
        codes=codes,
        language=chosen,
        shown_sha256=sha256,
        audience=audience,
        film_id=film_id,
        days=days,
        note=words,
        places=places,
    )
    if as_json:
        results_as_json(waiver.facts())
        return
    result(f"Agreed    {waiver.waiver_id}, until {waiver.expires:%Y-%m-%d}, for one film")
    result(f"Asked by  {waiver.asked_by}")
    result(f"Log       kept until {waiver.keep_until:%Y-%m-%d} at least")
    note(
        f"Use it with: vivant film ... --waiver {waiver.waiver_id}. The duty to label is now yours."
    )


def show_log(*, removes: bool, as_json: bool, places: Places) -> int:
    """List the agreements of this machine, and the films made under them.

    Returns:
        The exit code: 4 where one that must be kept is gone or was changed.
    """
    now = utc_now()
    removed = tidy(places, now=now) if removes else ()
    every = [(one, films_under(one.waiver_id, places=places)) for one in kept_waivers(places)]
    lost = lost_waivers(places, now=now)
    code = PapersError.exit_code if lost else 0
    if as_json:
        results_as_json(
            {
                "agreements": [
                    one.facts() | {"films": films, "state": _state(one, films, now)}
                    for one, films in every
                ],
                "lost": lost,
                "removed": removed,
            }
        )
        return code
    for one, films in every:
        made = ", ".join(films) or "no film"
        result(
            f"{one.waiver_id}  {one.agreed_at:%Y-%m-%d}  {_state(one, films, now):<7}  {made}  "
            f"kept until {one.keep_until:%Y-%m-%d}"
        )
    if removed:
        note(
            f"{len(removed)} agreements had been kept long enough and were removed; the ledger's lines stay."
        )
    for gone in lost:
        what = "changed" if gone.is_there else "gone"
        result(
            f"{gone.waiver_id}  {what.upper()}: its file must be kept until {gone.keep_until:%Y-%m-%d}. Restore it from a backup."
        )
    if not every and not lost:
        note("There are no agreements here.")
    return code


def _state(waiver: Waiver, films: Sequence[str], now: datetime) -> str:
    if films:
        return "used"
    return "open" if now.astimezone(UTC) < waiver.expires else "expired"


def _given(path: Path) -> Consent:
    return read_consent(path)


def _language(language: str) -> Language:
    for one in LANGUAGES:
        if one == language:
            return one
    message = f"The agreement is there in {', '.join(LANGUAGES)}. Choose one of those."
    raise InputError(message)


def _purpose(purpose: str) -> Purpose:
    for one in PURPOSES:
        if one == purpose:
            return one
    message = f"--for is one of {', '.join(PURPOSES)}."
    raise InputError(message)

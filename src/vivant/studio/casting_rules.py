"""What a storyboard asks of each person in it, for the policy: words, scenes, photos, voices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from vivant.media.files import sha256_of
from vivant.places import Places
from vivant.provenance.consent import Consent, Use
from vivant.provenance.ledger import Ledger
from vivant.provenance.policy import PRIVATELY, Asked, Said, Showing, decide, permit, refuse
from vivant.scene.storyboard import SILENT, CastMember, Line, Storyboard
from vivant.voice.profiles import list_profiles, load_profile, permit_profile


def is_nobody(member: CastMember) -> bool:
    """Tell whether a member of the cast is a demo face, which anybody may use."""
    return all(photo.demo is not None for photo in member.photos)


def asked_of(
    storyboard: Storyboard,
    name: str,
    *,
    use: Use = "portrait-film",
    showing: Showing = PRIVATELY,
) -> Asked:
    """Tell what a storyboard makes of one person.

    Args:
        storyboard: Checked.
        name: Of somebody in the cast; a face that nobody has is asked for by its use alone, and its words are
            held to the rules with the storyboard's.
        use: What the film is for.
        showing: To whom and where it will be shown.
    """
    asked = Asked(use=use).to_be_shown(showing)
    member = storyboard.cast[name]
    if is_nobody(member):
        return asked
    scenes = [
        one for plan in storyboard.shots if name in plan.who for one in (plan.set, plan.action)
    ]
    return Asked(
        use=use,
        words=tuple(_words(storyboard, name)),
        scenes=tuple(dict.fromkeys(scenes)),
        audience=asked.audience,
        territories=asked.territories,
        products=asked.products,
        in_memory=member.in_memory or None,
    )


def _words(storyboard: Storyboard, name: str) -> Iterator[Said]:
    language = storyboard.language
    for text in (
        storyboard.title,
        storyboard.opening_card.words,
        *(title.text for title in storyboard.titles),
        *(plan.choice("prompt", "") for plan in storyboard.shots),
    ):
        if text.strip():
            yield Said(text=text, language=language, by="title")
    for plan in storyboard.shots:
        for line in plan.lines:
            yield _said(line, name, language=language)


def _said(line: Line, name: str, *, language: str) -> Said:
    by = "person" if line.by == name else "other"
    return Said(text=line.say, language=language, by=by, recorded=line.audio is not None)  # type: ignore[arg-type]


def insist_on_photos(
    photos: Iterable[tuple[str, Path, bool]],
    storyboard: Storyboard,
    consents: Mapping[str, Consent],
    *,
    use: Use,
    showing: Showing,
    now: datetime,
    places: Places,
) -> None:
    """Insist that every photo of a person may be used as the film uses it, before the first is opened.

    Args:
        photos: Who, each photo of theirs, and whether it is to live.
        storyboard: Whose cast they are.
        consents: Who agreed.
        use: What the film is for.
        showing: To whom and where it will be shown.
        now: The moment.
        places: Where the ledger is.

    Raises:
        ConsentError: Somebody has no record, or one that does not hold; a photo was taken after death, and nobody
            said yes a second time; or the record lists others.
    """
    ledger = Ledger.in_places(places)
    for name, path, lives in photos:
        member = storyboard.cast[name]
        if member.pet:
            continue
        consent = consents.get(name)
        if consent is None:
            refuse("record.missing", consent_id="(none)", found=f"nobody agreed for {name}")
        asked = Asked(use=use).to_be_shown(showing)
        permit(consent, asked, now=now, ledger=ledger)
        if not is_nobody(member) and path.is_file():
            sha256 = sha256_of(path)
            if lives or sha256 not in consent.post_mortem_photos:  # a print shows what was
                permit(consent, replace(asked, photos=(sha256,)), now=now, ledger=ledger)


def insist_on_voices(
    storyboard: Storyboard, *, use: Use, showing: Showing, now: datetime, places: Places
) -> None:
    """Insist that each learned voice may say what it is to say, before anything is made.

    Raises:
        ConsentError: A voice's consent does not hold, or not for these words.
    """
    known = set(list_profiles(places=places))
    said: dict[str, list[Said]] = {}
    for line in (line for plan in storyboard.shots for line in plan.lines):
        member = storyboard.cast.get(line.by or "")
        person = "" if member is None else member.voice.partition("@")[0]
        if member is not None and line.audio is None and member.voice != SILENT and person in known:
            said.setdefault(person, []).append(Said(text=line.say, language=storyboard.language))
    for person, words in said.items():
        profile = load_profile(person, places=places)
        uses: tuple[Use, ...] = ("voice-likeness",)
        if use in ("commerce", "live"):
            uses = ("voice-likeness", use)
        for one in uses:
            permit_profile(
                profile, use=one, words=tuple(words), showing=showing, now=now, places=places
            )


def notes_on(
    storyboard: Storyboard,
    consents: Mapping[str, Consent],
    *,
    use: Use = "portrait-film",
    showing: Showing = PRIVATELY,
    now: datetime,
    places: Places,
) -> tuple[str, ...]:
    """Tell what the rules want somebody to know or do before a film is handed over, each once."""
    ledger = Ledger.in_places(places)
    found: list[str] = []
    for name, consent in consents.items():
        if name in storyboard.cast and not is_nobody(storyboard.cast[name]):
            asked = asked_of(storyboard, name, use=use, showing=showing)
            found += decide(consent, asked, now=now, ledger=ledger).notes
    return tuple(dict.fromkeys(found))

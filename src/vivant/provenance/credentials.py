"""Content credentials (C2PA) as they are read from any file, whoever wrote them.

What credentials say is worth what their signature is worth. So facts are given only where they are whole; of broken
ones it is told which film they name, and whether the papers themselves are genuine and only the film is another.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import c2pa

from vivant.media.watch import Watch, unwatched
from vivant.places import Places
from vivant.provenance.definitions import (
    CONSENT_ASSERTION,
    FILM_ASSERTION,
    SOUND_ASSERTION,
    VOICE_ASSERTION,
)
from vivant.provenance.manifest_facts import (
    generator,
    id_or_none,
    named_within,
    other_consents,
    photos_by_ai,
    said_in,
    source_type,
    text_or_none,
    training_allowed,
)
from vivant.provenance.presence import count_manifest_boxes, media_type_of
from vivant.provenance.signing import trust_anchors
from vivant.provenance.trust_list import stamp_anchors, trust_list

State = Literal["trusted", "valid", "invalid", "absent"]
Trust = Literal["c2pa-list", "here"]

LARGEST_WHOLE_BYTES: Final = 1 << 30
"""A larger file that is not made of boxes is not looked through: the library would have it all in memory."""
_STREAMED = ("video/mp4", "video/quicktime", "audio/mp4")
_UNTRUSTED = "signingCredential.untrusted"
_ENDED = "signingCredential.expired"
_SIGNED = "claimSignature.validated"
_TRUSTED = "signingCredential.trusted"
_END = "-----END CERTIFICATE-----\n"
_STAMPED = "timeStamp.trusted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a file's content credentials say."""

    ok: bool
    """Whether they hold, and this machine trusts their signer."""
    why: str
    """One plain sentence."""
    state: State
    """``"trusted"``; ``"valid"``: whole, by a signer unknown here, or one whose certificate has ended since;
    ``"invalid"``: changed or malformed; ``"absent"``: there are none."""
    codes: tuple[str, ...] = ()
    """C2PA codes of what failed."""
    film_id: str | None = None
    consent_id: str | None = None
    consent_sha256: str | None = None
    record_sha256: str | None = None
    digital_source_type: str | None = None
    generator: str | None = None
    signer: str | None = None
    """Organisation in the signer's certificate."""
    signed_at: str | None = None
    """Where a time stamp tells it."""
    is_stamp_trusted: bool = False
    """Whether the authority that stamped it is trusted here."""
    training_allowed: bool | None = None
    """``False`` where the film forbids the training of models with it."""
    ingredients: tuple[str, ...] = ()
    sound_id: str | None = None
    """Of a sound alone."""
    voice_consent_id: str | None = None
    """The consent that grants the voice, where a machine made it like a person's."""
    voice_consent_sha256: str | None = None
    voice_watermark: str | None = None
    """Kind of the mark that is promised to be in that voice's sound."""
    other_consents: tuple[str, ...] = ()
    """Ids of further consents, of a film with several people or voices."""
    storyboard_sha256: str | None = None
    """Of a film that tells a story."""
    trust: Trust | None = None
    """``"c2pa-list"``: an authority of the C2PA trust list vouches for the signer; ``"here"``: this machine does."""
    has_ended: bool = False
    """Whether the certificate has ended since, and no time stamp shows that it held when it signed."""
    named_id: str | None = None
    """The film or sound that they name, even where they do not hold: not to be relied on."""
    is_genuine: bool = False
    """Whether the papers themselves are whole and by a trusted signer; of ``"invalid"`` ones: made for another file."""
    manifests: int = 0
    """How many manifests there are: one for each step of the file's history."""
    within: tuple[str, ...] = ()
    """Films and sounds of ours that earlier manifests name: what this was made from."""
    photos_by_ai: tuple[str, ...] = ()
    """Photos that went into it and whose own credentials say that AI made them."""
    label_text: str | None = None
    """What the picture says; empty where the label was left out."""
    label_waiver: str | None = None
    """The agreement under which it was left out."""
    looked_for: bool = True
    """``False`` where the file was too large, or of a kind that holds none."""


def read_credentials(
    path: Path, *, places: Places | None = None, watch: Watch = unwatched
) -> Credentials:
    """Read and check the content credentials of any file.

    Args:
        path: A film, a picture, a sound, or something else; what it is called does not matter.
        places: Whose trusted certificates; this user's when left out.
        watch: Hears ``"checking"`` in bytes, of a large file.

    Returns:
        What they say; never raises for what the file holds. Values are given only where the
        credentials are whole.

    Raises:
        KeyBrokenError: A file of trusted certificates cannot be read.
    """
    settings = _settings(Places() if places is None else places)
    try:
        kind, boxes = media_type_of(path), count_manifest_boxes(path)
        unread = _unread(kind, boxes, path.stat().st_size)
    except OSError as error:
        unread, kind, boxes = _absent(f"The file cannot be read ({type(error).__name__})."), "", 0
    if unread is not None:
        return unread
    try:
        return credentials_of(_store(kind, path, settings, watch))
    except c2pa.C2paError.ManifestNotFound:
        why = "The file has no content credentials; they were never written, or stripped."
    except c2pa.C2paError as error:
        if boxes:
            why = f"The file holds content credentials that cannot be read ({_short(error)})."
            return _invalid(why, "manifest.unreadable")
        why = f"The file has no content credentials that can be read ({_short(error)})."
    except (OSError, ValueError, RecursionError) as error:
        why = f"The file cannot be read ({type(error).__name__})."
    return _absent(why)


def _unread(kind: str, boxes: int, size: int) -> Credentials | None:
    """Tell of files that need not, or must not, be looked through."""
    if not kind:
        return _absent("The file is of a kind that holds no content credentials.")
    if size > LARGEST_WHOLE_BYTES and kind not in _STREAMED:
        why = f"Content credentials were not looked for: the file is too large for its kind ({size >> 30} GB)."
        return Credentials(ok=False, why=why, state="absent", looked_for=False)
    if boxes > 1:
        why = (
            f"The file holds content credentials in {boxes} places, and may hold them in one: "
            f"somebody added some, and none can be relied on."
        )
        return _invalid(why, "manifest.multiple")
    return None


def _settings(places: Places) -> dict[str, Any]:
    listed = trust_list(places)
    own = [f"{one}{_END}" for one in trust_anchors(places).split(_END)[:-1]]
    anchors = "".join(one for one in own if one not in listed.anchors_pem)
    trust: dict[str, Any] = {**listed.settings}
    if anchors:  # without those of the list: its word is the better one
        trust["user_anchors"] = anchors
    stamps = stamp_anchors(places)
    if stamps:
        trust["anchors"] = [{"trust_anchors": stamps, "trust_kind": "tsa"}]
    return {"verify": {"remote_manifest_fetch": False, "verify_trust": True}, "trust": trust}


def _store(kind: str, path: Path, settings: dict[str, Any], watch: Watch) -> dict[str, Any]:
    with c2pa.Context.from_dict(settings) as context, _Watched(path, watch) as file:
        try:
            with c2pa.Reader(kind, file, context=context) as reader:
                store: dict[str, Any] = json.loads(reader.json())
        finally:
            if file.stopped is not None:
                raise file.stopped from None
    return store


class _Watched(io.BufferedReader):
    """A file that tells how far it was read; what the watch raises is kept, since the library swallows it."""

    _EVERY_BYTES = 1 << 26
    _MOST_BYTES = 1 << 24

    def __init__(self, path: Path, watch: Watch) -> None:
        super().__init__(io.FileIO(path, "rb"), 1 << 20)
        self._size = path.stat().st_size
        self._watch = watch
        self._told = 0
        self.stopped: BaseException | None = None

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - whatever can be written into
        if self.stopped is not None:
            return 0
        with memoryview(buffer) as whole, whole[: self._MOST_BYTES] as piece:
            count = super().readinto(piece)
        at = self.tell()
        if abs(at - self._told) >= self._EVERY_BYTES:
            self._told = at
            try:
                self._watch("checking", at, self._size)
            except BaseException as error:  # noqa: BLE001 - raised again when the library has returned
                self.stopped = error
                return 0
        return count


def _absent(why: str) -> Credentials:
    return Credentials(ok=False, why=why, state="absent")


def _invalid(why: str, code: str) -> Credentials:
    return Credentials(ok=False, why=why, state="invalid", codes=(code,))


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _codes(results: dict[str, Any], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(one.get("code")) for one in results.get(kind, [])))


def _trust(results: dict[str, Any]) -> Trust | None:
    for one in results.get("success", []):
        if one.get("code") == _TRUSTED:
            return "c2pa-list" if "system_anchors" in str(one.get("explanation")) else "here"
    return None


def credentials_of(store: dict[str, Any]) -> Credentials:
    """Tell what the library's report on a file says.

    Args:
        store: The report: manifests, and what validating them found.
    """
    results = store.get("validation_results", {}).get("activeManifest", {})
    codes, passed = _codes(results, "failure"), _codes(results, "success")
    said = store.get("validation_state")
    manifests = store.get("manifests", {})
    manifest = manifests.get(store.get("active_manifest"), {})
    film, sound = said_in(manifest, FILM_ASSERTION), said_in(manifest, SOUND_ASSERTION)
    named = id_or_none(film.get("film_id")) or id_or_none(sound.get("sound_id"))
    within = named_within(manifests, store.get("active_manifest"))
    has_ended = _ENDED in codes and set(codes) <= {_ENDED, _UNTRUSTED}
    state: State = "trusted" if said == "Trusted" else "valid" if said == "Valid" else "invalid"
    if has_ended:
        state = "valid"
    trust = _trust(results)
    if state == "invalid":
        genuine = _SIGNED in passed and trust is not None and _only_the_file_differs(codes)
        return Credentials(
            ok=False,
            why=_why_invalid(codes, genuine=genuine),
            state=state,
            codes=codes,
            trust=trust,
            named_id=named,
            is_genuine=genuine,
            manifests=len(manifests),
            within=within,
        )
    info = manifest.get("signature_info", {})
    voice = said_in(manifest, VOICE_ASSERTION)
    consent = said_in(manifest, CONSENT_ASSERTION)
    signer, signed_at = text_or_none(info.get("issuer")), text_or_none(info.get("time"))
    return Credentials(
        ok=state == "trusted",
        why=_why_whole(state, trust, codes=(*codes, *passed), signed_at=signed_at),
        state=state,
        codes=codes,
        film_id=id_or_none(film.get("film_id")),
        consent_id=text_or_none(consent.get("record_id")),
        consent_sha256=text_or_none(consent.get("sha256")),
        record_sha256=text_or_none((film or sound).get("record_sha256")),
        digital_source_type=source_type(manifest),
        generator=generator(manifest),
        signer=signer,
        signed_at=signed_at,
        is_stamp_trusted=_STAMPED in passed,
        training_allowed=training_allowed(manifest),
        ingredients=tuple(str(part.get("title")) for part in manifest.get("ingredients", [])),
        sound_id=id_or_none(sound.get("sound_id")),
        voice_consent_id=text_or_none(voice.get("consent_id")),
        voice_consent_sha256=text_or_none(voice.get("consent_sha256")),
        voice_watermark=text_or_none(voice.get("watermark")) or None,
        other_consents=other_consents(manifest),
        storyboard_sha256=text_or_none(film.get("storyboard_sha256")),
        trust=trust,
        has_ended=has_ended,
        named_id=named,
        is_genuine=state == "trusted",
        manifests=len(manifests),
        within=within,
        photos_by_ai=photos_by_ai(manifest),
        label_text=text_or_none(film.get("label")),
        label_waiver=text_or_none(film.get("label_waiver")),
    )


def _only_the_file_differs(codes: tuple[str, ...]) -> bool:
    """Tell whether nothing failed but the fit between the papers and the file (its hash)."""
    about_file = ("assertion.bmffHash", "assertion.dataHash", "assertion.boxesHash")
    return bool(codes) and all(code.startswith(about_file) for code in codes)


def _why_invalid(codes: tuple[str, ...], *, genuine: bool) -> str:
    changed = any("hash" in code.lower() or "mismatch" in code.lower() for code in codes)
    what = "were changed, or the file was, after signing" if changed else "do not hold"
    kept = " The papers themselves are whole: they were made for another file." if genuine else ""
    return f"The content credentials {what} ({', '.join(codes) or 'no code'}).{kept}"


def _why_whole(
    state: State, trust: Trust | None, *, codes: tuple[str, ...], signed_at: str | None
) -> str:
    if _ENDED in codes:
        return (
            "The content credentials are whole, but their signer's certificate has ended since, and no time stamp that "
            "is trusted here shows that it held when it signed."
        )
    if state == "valid":
        return (
            "The content credentials are whole, but this machine does not trust their signer; put the "
            "signer's root certificate into the folder keys/trusted if you do."
        )
    by = "by the C2PA trust list" if trust == "c2pa-list" else "here"
    shown = "shows" if _STAMPED in codes else "of an authority that is not trusted here says"
    when = "" if signed_at is None else f"; signed at {signed_at}, as a time stamp {shown}"
    return f"The content credentials are whole, and their signer is trusted {by}{when}."

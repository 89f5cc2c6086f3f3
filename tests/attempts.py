"""Attempts to make something of a person without a valid consent: what is wrong, and which rule must say so."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from consents_for_policy import OTHERS, SISTER, now, recorded
from farewells import BAD
from vivant.places import Places
from vivant.provenance.asked import PRIVATELY, Audience, Showing
from vivant.provenance.consent import USES, Consent, Kind, Use, attest
from vivant.provenance.consent_authentic import seal_consent
from vivant.provenance.consent_parts import Event, Minor, OtherKin
from vivant.provenance.ledger import Ledger

PHOTO = "a" * 64
PLAIN = "Thank you for everything, my dear ones."
SPOKEN = ("make_film", "film_from_photos", "tell", "preview", "speak", "make_sound")
USED = ("take_photos", "make_film", "film_from_photos", "tell", "preview", "call_the_cast", "bake")
SHOWN = (*USED, "make_story_film")
PHOTOGRAPHED = ("take_photos", "make_film", "film_from_photos", "call_the_cast", "bake")
RECORDED = (*SHOWN, "learn", "refresh", "speak", "make_sound", "stream_sound", "permit_profile")
"""Every door at which a record can be wrong."""
Chance = random.Random


@dataclass(slots=True, kw_only=True)
class Wrong:
    """A consent that does not cover what is tried."""

    what: str
    rules: tuple[str, ...]
    """One of these must refuse."""
    consent: Consent
    use: Use = "portrait-film"
    showing: Showing = PRIVATELY
    words: str = PLAIN
    language: str = "en"
    photo: str = ""
    """Hash of the photo that is tried; that of the file when empty."""
    in_memory: bool = False
    child: bool = False
    noted: Consent | None = None
    """What the ledger knows; the record itself when None."""
    unknown: bool = False
    """Whether the ledger does not know it."""
    later: tuple[tuple[str, dict[str, Any]], ...] = field(default=())
    """What happens in the ledger after the giving."""
    days_ahead: float = 0.0
    """How far in the future the ledger's last line is."""
    cut: bool = False
    """Whether the ledger's last line is then cut off."""
    gone: bool = False
    """Whether there is no record at all."""
    taken_under: str = ""
    harm: str = ""
    """What happened to the record's file."""
    at: float = 0.0
    """Where in it, 0 to 1."""


def _self(chance: Chance, *uses: Use) -> Consent:
    kind: Kind = chance.choice(("self", "kin", "public-domain", "guardians"))
    return recorded(kind, *(uses or ("portrait-film", "voice-likeness")), days_ago=chance.uniform(30, 60))  # fmt: skip


def _happened(consent: Consent, what: str, state: str) -> Consent:
    event = Event(event_time=now(), event_type=what, event_state=state)  # type: ignore[arg-type]
    return consent.model_copy(update={"events": (*consent.events, event)})


def expired(chance: Chance) -> Wrong:
    days = chance.uniform(0.01, 300)
    consent = recorded("self", "portrait-film", "voice-likeness", days_ago=days + 5, expires=now() - timedelta(days=days))  # fmt: skip
    return Wrong(what="expired", rules=("record.expired", "ledger.withdrawn"), consent=consent)


def not_yet(chance: Chance) -> Wrong:
    consent = recorded("self", "portrait-film", "voice-likeness", days_ago=-chance.uniform(0.1, 90))
    return Wrong(what="not yet", rules=("record.not-yet",), consent=consent)


def withdrawn_in_file(chance: Chance) -> Wrong:
    consent = _self(chance)
    back = _happened(consent, "consent_withdrawn", "withdrawn")
    return Wrong(what="withdrawn in file", rules=("record.withdrawn",), consent=back)


def held_in_file(chance: Chance) -> Wrong:
    consent = _self(chance)
    what = chance.choice(("objection_raised", "hold"))
    return Wrong(what="held", rules=("record.held",), consent=_happened(consent, what, "held"))


def in_ledger_only(chance: Chance) -> Wrong:
    consent = _self(chance)
    event, rule = chance.choice(
        (
            ("consent.withdrawn", "ledger.withdrawn"),
            ("consent.expired", "ledger.withdrawn"),
            ("consent.erased", "ledger.withdrawn"),
            ("consent.objection", "ledger.held"),
            ("consent.hold", "ledger.held"),
        )
    )
    later = ((event, {"record_id": consent.record_id}),)
    return Wrong(what="ledger only", rules=(rule,), consent=consent, later=later)


def wrong_purpose(chance: Chance) -> Wrong:
    uses = tuple(use for use in USES if use not in ("portrait-film", "voice-likeness"))
    consent = recorded("self", *chance.sample(uses, chance.randint(1, 3)))
    return Wrong(what="wrong purpose", rules=("record.scope",), consent=consent)


def forged(chance: Chance) -> Wrong:
    consent = _self(chance)
    change = chance.choice(
        (
            {"purposes": USES},
            {"kind": "public-domain" if consent.kind == "self" else "self"},
            {"expires": now() + timedelta(days=9000)},
            {"nonce": "f" * 32},
            {"languages": ("en",)},
        )
    )
    return Wrong(
        what="forged",
        rules=("record.changed", "record.forged", "minor.guardians-only"),
        consent=consent.model_copy(update=change),
        noted=consent,
    )


def unknown(chance: Chance) -> Wrong:
    return Wrong(what="unknown", rules=("record.unknown",), consent=_self(chance), unknown=True)


def sealed_then_changed(chance: Chance) -> Wrong:
    wrong = Wrong(what="seal", rules=("record.forged",), consent=_self(chance), unknown=True)
    wrong.taken_under = "seal it first"
    return wrong


def clock_set_back(chance: Chance) -> Wrong:
    days = chance.uniform(0.02, 400)
    rules = ("clock.set-back", "ledger.withdrawn")  # years ahead the consent has run out besides
    return Wrong(what="clock", rules=rules, consent=_self(chance), days_ahead=days)


def ledger_cut(chance: Chance) -> Wrong:
    consent = _self(chance)
    later = (("consent.withdrawn", {"record_id": consent.record_id}),)
    return Wrong(what="cut", rules=("ledger.broken",), consent=consent, later=later, cut=True)


def missing(chance: Chance) -> Wrong:
    return Wrong(what="missing", rules=("record.missing",), consent=_self(chance), gone=True)


def memorial_used(chance: Chance) -> Wrong:
    kind: Kind = chance.choice(("kin", "public-domain"))
    use: Use = chance.choice(("commerce", "live", "training"))
    consent = recorded(kind, *USES)
    return Wrong(what="memorial", rules=(f"memorial.never-{ {'commerce': 'sells', 'live': 'live', 'training': 'trains'}[use]}",), consent=consent, use=use)  # fmt: skip


def minor_used(chance: Chance) -> Wrong:
    use: Use = chance.choice(("commerce", "live", "training"))
    return Wrong(what="minor", rules=("minor.never-sells",), consent=recorded("guardians", *USES), use=use)  # fmt: skip


def minor_without_guardians(chance: Chance) -> Wrong:
    child = Minor(born_on=date(2018, 5, 5), guardians=recorded("guardians").minor.guardians)  # type: ignore[union-attr]
    kind: Kind = chance.choice(("self", "kin", "public-domain"))
    consent = recorded(kind, "portrait-film", "voice-likeness", minor=child)
    return Wrong(what="no guardians", rules=("minor.guardians-only",), consent=consent, child=True)


def minor_grown(chance: Chance) -> Wrong:
    born_on = (now() - timedelta(days=chance.randint(6580, 9000))).date()
    minor = recorded("guardians").minor.model_copy(update={"born_on": born_on})  # type: ignore[union-attr]
    consent = recorded("guardians", "portrait-film", "voice-likeness", minor=minor)
    return Wrong(what="grown up", rules=("minor.grown-up",), consent=consent)


def attested_for_more(chance: Chance) -> Wrong:
    kind: Kind = chance.choice(("self", "kin", "public-domain"))
    use: Use = chance.choice(("public-showing", "family-link", "commerce", "live", "training"))
    rules = ("statement.private-only", "memorial.never-sells", "memorial.never-live", "memorial.never-trains", "record.scope")  # fmt: skip
    return Wrong(what="attested", rules=rules, consent=attest(kind), use=use)


def attested_voice(chance: Chance) -> Wrong:
    kind: Kind = chance.choice(("self", "kin", "public-domain"))
    consent = attest(kind)
    return Wrong(what="attested voice", rules=("statement.private-only",), consent=consent)


def presenter_out(chance: Chance) -> Wrong:
    consent = recorded("presenter", "commerce", "live", "portrait-film")
    contract = consent.contract
    assert contract is not None
    right = Showing(territories=("DE",), products=("Green tea",))
    before = {"begins": now() + timedelta(days=1), "ends": now() + timedelta(days=9)}
    over = {"begins": now() - timedelta(days=9), "ends": now() - timedelta(days=1)}
    rule, showing, change = chance.choice(
        (
            ("presenter.other-product", Showing(territories=("DE",), products=("Wine",)), {}),
            ("presenter.other-product", Showing(territories=("DE",)), {}),
            ("territory.outside", Showing(territories=("DE", "US"), products=("Green tea",)), {}),
            ("territory.undeclared", Showing(products=("Green tea",)), {}),
            ("presenter.out-of-term", right, {"contract": contract.model_copy(update=before)}),
            ("presenter.out-of-term", right, {"contract": contract.model_copy(update=over)}),
            ("presenter.no-contract", right, {"contract": None}),
        )
    )
    return Wrong(
        what="presenter",
        rules=(rule,),
        consent=consent.model_copy(update=change),
        use=chance.choice(("commerce", "live")),
        showing=showing,
    )


def presenter_dead(chance: Chance) -> Wrong:
    dead = recorded("kin").deceased
    consent = recorded("presenter", "commerce", "portrait-film", deceased=dead)
    right = Showing(territories=("DE",), products=("Green tea",))
    use: Use = chance.choice(("commerce", "portrait-film"))
    rules = ("memorial.never-sells", "minor.in-a-presenters-place")
    return Wrong(what="dead presenter", rules=rules, consent=consent, use=use, showing=right)


def not_wanted(chance: Chance) -> Wrong:
    del chance
    no = recorded("kin").deceased.model_copy(update={"wish": "no"})  # type: ignore[union-attr]
    consent = recorded("kin", "portrait-film", "voice-likeness", deceased=no)
    return Wrong(what="not wanted", rules=("memorial.was-not-wanted",), consent=consent)


def beyond_private(chance: Chance) -> Wrong:
    uses: tuple[Use, ...] = ("portrait-film", "family-link", "public-showing")
    base = recorded("kin", *uses, days_ago=1)
    unsure = base.deceased.model_copy(update={"wish": "unknown"})  # type: ignore[union-attr]
    untold = OtherKin(entity_id=SISTER, relation="sister")
    waiting = untold.model_copy(update={"told_at": now() - timedelta(days=3)})
    against = waiting.model_copy(update={"agrees": "no"})
    rule, change = chance.choice(
        (
            ("memorial.wish-unknown", {"deceased": unsure}),
            ("memorial.viewers-must-know", {"viewers_know": None}),
            ("memorial.hides-a-death", {"viewers_know": False}),
            ("kin.not-told", {"other_kin": (untold,), "objection_until": None}),
            ("kin.not-told", {"other_kin": (), "objection_until": None}),
            ("kin.window-open", {"other_kin": (waiting,)}),
            ("kin.disagree", {"other_kin": (against,)}),
            ("figure.public", {"public_figure": True}),
        )
    )
    audience: Audience = chance.choice(("family", "public"))
    rules = (rule,) if audience == "family" else (rule, "memorial.public-needs-a-person")
    consent = base.model_copy(update=change)
    return Wrong(what="audience", rules=rules, consent=consent, showing=Showing(audience=audience))


def wider_than_agreed(chance: Chance) -> Wrong:
    audience: Audience = chance.choice(("family", "public"))
    consent = recorded("self", "portrait-film", "voice-likeness")
    return Wrong(what="wider", rules=("showing.wider-than-agreed",), consent=consent, showing=Showing(audience=audience))  # fmt: skip


def wrong_territory(chance: Chance) -> Wrong:
    consent = recorded("self", "portrait-film", "public-showing", territories=("DE",))
    places, rule = chance.choice((((("US"),), "territory.outside"), (None, "territory.undeclared")))
    showing = Showing(audience="public", territories=places)
    return Wrong(what="territory", rules=(rule,), consent=consent, showing=showing)


def forbidden_words(chance: Chance) -> Wrong:
    language = chance.choice(sorted(BAD))
    text, kind = chance.choice(BAD[language])
    consent = recorded(chance.choice(("kin", "public-domain")), "portrait-film", "voice-likeness")
    rules = tuple(f"words.{one}" for one in {kind} | {why for _, why in BAD[language]})
    return Wrong(what="words", rules=rules, consent=consent, words=text, language=language, in_memory=True)  # fmt: skip


def wrong_language(chance: Chance) -> Wrong:
    allowed = chance.choice((("de",), ("fr", "it"), ("en-GB",), ("zh",)))
    consent = recorded("self", "portrait-film", "voice-likeness", languages=allowed)
    return Wrong(what="language", rules=("language.outside",), consent=consent, language="en-US")


def after_death(chance: Chance) -> Wrong:
    kind: Kind = chance.choice(("kin", "public-domain"))
    consent = recorded(kind, "portrait-film", post_mortem_photos=("THE PHOTO",))
    return Wrong(what="after death", rules=("photo.after-death",), consent=consent)


def other_photo(chance: Chance) -> Wrong:
    listed = "".join(chance.choice("0123456789abcdef") for _ in range(64))
    consent = recorded("self", "portrait-film", photos=(listed,))
    return Wrong(what="other photo", rules=("record.photo-not-listed",), consent=consent)


def other_person(chance: Chance) -> Wrong:
    consent = _self(chance)
    return Wrong(what="other person", rules=("record.other-person",), consent=consent, taken_under="d" * 32)  # fmt: skip


def broken_file(chance: Chance) -> Wrong:
    """A file that was cut, changed by a byte, emptied, or holds something else; ``harm`` says which."""
    wrong = Wrong(what="broken file", rules=("record.broken",), consent=_self(chance))
    wrong.harm = chance.choice(("cut", "byte", "empty", "other", "wider"))
    wrong.at = chance.random()
    return wrong


def dead_who_state(chance: Chance) -> Wrong:
    del chance
    consent = attest("self")
    return Wrong(what="statement of the dead", rules=("memorial.cannot-agree-now",), consent=consent, in_memory=True)  # fmt: skip


KINDS: tuple[tuple[Callable[[Chance], Wrong], tuple[str, ...]], ...] = (
    (expired, RECORDED), (not_yet, RECORDED), (withdrawn_in_file, RECORDED), (held_in_file, RECORDED),
    (in_ledger_only, (*RECORDED, "build_rig")), (wrong_purpose, RECORDED), (forged, RECORDED), (unknown, RECORDED),
    (sealed_then_changed, SHOWN), (clock_set_back, RECORDED), (ledger_cut, RECORDED),
    (missing, ("tell", "preview", "call_the_cast", "make_story_film", "refresh", "speak", "make_sound", "stream_sound")),
    (memorial_used, SHOWN), (minor_used, SHOWN), (minor_without_guardians, RECORDED), (minor_grown, RECORDED),
    (attested_for_more, SHOWN), (attested_voice, ("learn", "refresh", "speak", "make_sound", "permit_profile")),
    (presenter_out, SHOWN), (presenter_dead, SHOWN), (not_wanted, RECORDED), (beyond_private, SHOWN),
    (wider_than_agreed, SHOWN), (wrong_territory, SHOWN), (forbidden_words, SPOKEN), (wrong_language, SPOKEN),
    (after_death, PHOTOGRAPHED), (other_photo, PHOTOGRAPHED), (other_person, ("make_film",)),
    (dead_who_state, ("tell", "preview")), (broken_file, ("from_file",)),
)  # fmt: skip
"""What can be wrong, and at which doors it can be tried."""


def harmed(data: bytes, wrong: Wrong) -> bytes:
    """Harm a record's file."""
    at = int(wrong.at * (len(data) - 2))
    match wrong.harm:
        case "cut":
            return data[:at]
        case "byte":
            return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        case "empty":
            return b""
        case "other":
            return b'{"vivant": "storyboard/1"}'
        case _:
            return data.replace(b'"portrait-film"', b'"commerce","portrait-film"', 1)


def prepare(wrong: Wrong, places: Places) -> Consent:
    """Let the ledger know what it knows; give the record that is tried."""
    consent = wrong.consent
    if wrong.what == "seal":
        sealed = seal_consent(consent, places=places)
        return sealed.model_copy(update={"purposes": USES, "languages": None})
    ledger = Ledger.in_places(places)
    if not wrong.unknown:
        ledger.note_consent(wrong.noted or consent, now=now() - timedelta(days=20))
    for event, facts in wrong.later:
        ledger.append(event, facts)  # type: ignore[arg-type]
    if wrong.days_ahead:
        ahead = now() + timedelta(days=wrong.days_ahead)
        ledger.append("notice.written", {"notice_id": OTHERS[0]}, now=ahead)
    if wrong.cut:
        lines = ledger.path.read_bytes().splitlines(keepends=True)
        ledger.path.write_bytes(b"".join(lines[:-1]))
    return consent

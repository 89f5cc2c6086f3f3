"""Who looks at whom: listeners look at whoever speaks, who speaks looks at us and now and then at them.

Used by directions that show several people, or one who listens to somebody out of the picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from vivant.performance.curves import Performance
from vivant.performance.listening import Look, answer, attend
from vivant.performance.motion import chance
from vivant.performance.prosody import Phrase
from vivant.scene.direction.call import Call, Curve, Saying

Places = Mapping[str, Float[np.ndarray, " frames"] | float]
Kind = Literal["viewer", "person", "voice", "aside"]
FARTHEST_DEG, HALF_WAY = 26.0, 0.24
"""How far aside one looks at somebody in the same picture, at most, and the distance (in heights of the picture)
at which it is two thirds of that: whoever stands beside us is hardly ever looked straight at in front of a camera."""
DOWN_DEG, UP_DEG = 9.0, 9.0
"""Lids follow eyes down: lower than this they would seem shut."""
VOICE_YAW_DEG, VOICE_PITCH_DEG = 11.0, -4.5
"""Where a voice from out of the picture is looked for: aside and a little up."""
ASIDE = 0.08
"""Who stands farther from the middle than this, in heights of the picture, leaves it open on the other side."""
REACTS_S = (0.2, 0.6)
"""Eyes go to a new speaker so long after the first word."""
STAYS_S = (0.4, 1.4)
"""And stay so long after the last."""
APART_S = 0.5
"""Looks of one person are no nearer to each other."""
LISTENS_S = (3.2, 6.5)
"""How long somebody who listens looks at the speaker at a time: about three quarters of the time (Argyle and Cook 1976)."""
AWAY_S = (0.9, 1.9)
WAITS_S = 1.5
"""Who wants to look away waits so long for the end of a phrase."""
VOICE_S, BACK_S = (1.8, 3.4), (1.4, 2.6)
"""How long a voice from out of the picture is looked for at a time, and how long one looks at the viewer between."""
SPEAKS_S = (2.4, 5.0)
"""How long who speaks looks at the viewer before looking at a listener."""
GLANCES_S = (0.8, 1.5)
SILENT_S = (2.6, 5.5)
"""How long one looks at the viewer when nobody speaks."""
HEADS: Mapping[str, float] = {"viewer": 0.0, "person": 0.56, "voice": 0.6, "aside": 0.35}
"""Share of the way that the head goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Whom to look at from a moment on."""

    at_s: float
    kind: Kind
    name: str = ""
    head: float = 1.0
    """Against the usual share of the head."""


def regarding(
    call: Call,
    eyes_x: Places,
    *,
    eyes_y: Places | None = None,
    share: Places | None = None,
) -> dict[str, Performance]:
    """Let people in one picture regard each other.

    While somebody speaks, the others look there: eyes first, 0.2 to 0.6 s after the first word, then the head, at most
    about 12 degrees; they blink where phrases end, nod a little, and look at us for a moment and back. Who speaks looks
    at us, at a listener at the end of a phrase, and hands the word over with a look (Kendon 1967). Who speaks out of
    the picture is looked for aside and a little up. When nobody speaks there are small glances.

    Args:
        call: The shot: who performs, who speaks when.
        eyes_x: Where each person's eyes are seen, by ``NAME``, in heights of the picture to the right of its middle; a
            number, or one a frame. Whoever is not in it is out of the picture.
        eyes_y: The same, down from the top; as high as one another when left out.
        share: How much of it each does, 0 to 1, by ``NAME``; all of it when left out. Let it go to 0 where eyes close, or
            where a direction turns a head itself.

    Returns:
        What everybody in ``eyes_x`` does, by ``NAME``; the same call gives the same curves.
    """
    turns = tuple(sorted(call.sayings, key=lambda one: one.first))
    found = {}
    for place, name in enumerate(eyes_x):
        seed = call.seed + 7919 * place
        wishes = _Planning(call, tuple(eyes_x), turns, name=name, seed=seed).wishes()
        looks = tuple(_look(one, name, eyes_x, eyes_y or {}, call=call) for one in wishes)
        own = _phrases(call, turns, of=name)
        heard = _heard(call, turns, by=name)
        amount = (share or {}).get(name, 1.0)
        attending = attend(
            call.acted_by(name), looks, phrases=own, heard=heard, share=amount, seed=seed
        )
        found[name] = answer(attending, heard, share=amount, seed=seed)
    return found


def direction_of(
    name: str, other: str, eyes_x: Places, eyes_y: Places
) -> tuple[Curve | float, Curve | float]:
    """Tell where somebody is seen from somebody else: degrees to the picture's right, and down."""
    right = np.asarray(eyes_x[other], np.float64) - np.asarray(eyes_x[name], np.float64)
    down = np.asarray(eyes_y.get(other, 0.0), np.float64) - np.asarray(
        eyes_y.get(name, 0.0), np.float64
    )
    away = np.hypot(right, down)
    size = FARTHEST_DEG * (1 - np.exp(-away / HALF_WAY))
    unit = np.maximum(away, 1e-6)
    yaw, pitch = size * right / unit, np.clip(size * down / unit, -UP_DEG, DOWN_DEG)
    return _plain(yaw), _plain(pitch)


def _plain(value: np.ndarray | float) -> Curve | float:
    return float(value) if np.ndim(value) == 0 else np.asarray(value, np.float64)


def _look(wish: Wish, name: str, eyes_x: Places, eyes_y: Places, *, call: Call) -> Look:
    yaw: Curve | float = 0.0
    pitch: Curve | float = 0.0
    if wish.kind == "person":
        yaw, pitch = direction_of(name, wish.name, eyes_x, eyes_y)
    elif wish.kind == "voice":
        yaw, pitch = _side_of_voice(call, eyes_x) * VOICE_YAW_DEG, VOICE_PITCH_DEG
    elif wish.kind == "aside":
        rng = chance(call.seed + round(1000 * wish.at_s), stream=24)
        yaw, pitch = float(rng.choice([-1, 1]) * rng.uniform(4, 8)), float(rng.uniform(-1.5, 4))
    return Look(at_s=wish.at_s, yaw_deg=yaw, pitch_deg=pitch, head=wish.head * HEADS[wish.kind])


def _side_of_voice(call: Call, eyes_x: Places) -> float:
    """Everybody in a shot looks for a voice on the same side: where the picture is open, if they stand aside."""
    middle = float(np.mean([np.mean(place) for place in eyes_x.values()]))
    if abs(middle) > ASIDE:
        return -float(np.sign(middle))
    return 1.0 if chance(call.seed, stream=25).random() < 0.5 else -1.0


def _phrases(call: Call, turns: Sequence[Saying], *, of: str) -> tuple[Phrase, ...]:
    return tuple(
        phrase for turn in turns if turn.speaker == of for phrase in phrases_in(turn, call=call)
    )


def phrases_in(turn: Saying, *, call: Call) -> tuple[Phrase, ...]:
    """Give the phrases of what somebody says; all of it is one where they are not known."""
    if turn.phrases:
        return turn.phrases
    first_s, last_s = (float(at / call.rate) for at in (turn.first, turn.last))
    return (Phrase(first_s=first_s, last_s=last_s, ends_sentence=True),)


def _heard(call: Call, turns: Sequence[Saying], *, by: str) -> tuple[Phrase, ...]:
    """Give what somebody hears while saying nothing."""
    own = [
        (float(turn.first / call.rate) - 0.4, float(turn.last / call.rate))
        for turn in turns
        if turn.speaker == by
    ]
    return tuple(
        phrase
        for turn in turns
        if turn.speaker != by
        for phrase in phrases_in(turn, call=call)
        if not any(first_s < phrase.last_s + 0.5 and phrase.last_s < last_s for first_s, last_s in own)
    )  # fmt: skip


class _Planning:
    """Decides whom one person looks at, and when."""

    def __init__(
        self, call: Call, seen: tuple[str, ...], turns: Sequence[Saying], *, name: str, seed: int
    ) -> None:
        self._call, self._turns, self._name = call, turns, name
        self._others = tuple(one for one in seen if one != name)
        self._rng = chance(seed, stream=23)
        self._wishes: list[Wish] = []

    def wishes(self) -> tuple[Wish, ...]:
        """Plan the whole shot."""
        before_s = 0.0
        for place, turn in enumerate(self._turns):
            first_s, last_s = (float(at / self._call.rate) for at in (turn.first, turn.last))
            self._silence(before_s, first_s)
            after = self._turns[place + 1] if place + 1 < len(self._turns) else None
            if turn.speaker == self._name:
                self._speaks(turn, first_s, last_s, after)
            else:
                self._listens(turn, first_s, last_s, after)
            before_s = max(before_s, last_s)
        self._silence(before_s + 0.5, self._call.seconds)
        return tuple(self._wishes)

    def _wish(self, at_s: float, kind: Kind, name: str = "", *, head: float = 1.0) -> None:
        if at_s > self._call.seconds - 0.25:
            return
        if self._wishes and at_s < self._wishes[-1].at_s + APART_S:
            at_s = self._wishes[-1].at_s + APART_S
        last = self._wishes[-1] if self._wishes else Wish(at_s=0.0, kind="viewer")
        if (last.kind, last.name) != (kind, name):
            self._wishes.append(Wish(at_s=at_s, kind=kind, name=name, head=head))

    def _between(self, limits: tuple[float, float]) -> float:
        return float(self._rng.uniform(*limits))

    def _silence(self, first_s: float, last_s: float) -> None:
        """Glance at somebody now and then."""
        at_s = first_s + self._between(SILENT_S)
        while at_s < last_s - 1.2:
            chosen, who = self._rng.random(2)
            if self._others and chosen < 0.6:
                self._wish(at_s, "person", self._others[int(who * len(self._others))], head=0.7)
            else:
                self._wish(at_s, "aside")
            at_s += self._between(GLANCES_S)
            self._wish(at_s, "viewer")
            at_s += self._between(SILENT_S)

    def _listens(self, turn: Saying, first_s: float, last_s: float, after: Saying | None) -> None:
        """Look at the speaker, away at the end of a phrase now and then, and back."""
        seen = turn.speaker in self._others
        kind: Kind = "person" if seen else "voice"
        name = turn.speaker if seen else ""
        at_s = first_s + self._between(REACTS_S)
        self._wish(at_s, kind, name)
        ends_s = [phrase.last_s for phrase in phrases_in(turn, call=self._call)]
        while True:
            wish_s = at_s + self._between(LISTENS_S if seen else VOICE_S)
            pauses = [end_s for end_s in ends_s if wish_s <= end_s < wish_s + WAITS_S]
            away_s = pauses[0] + self._between((-0.1, 0.3)) if pauses else wish_s
            at_s = away_s + self._between(AWAY_S if seen else BACK_S)
            if at_s > last_s - 0.8 and (seen or away_s > last_s - 0.8):
                break
            self._wish(away_s, "viewer")
            if at_s > last_s - 0.8:
                break
            self._wish(at_s, kind, name)
        if after is None or float(after.first / self._call.rate) > last_s + 1.2:
            self._wish(last_s + self._between(STAYS_S), "viewer")

    def _speaks(self, turn: Saying, first_s: float, last_s: float, after: Saying | None) -> None:
        """Look at the viewer, at a listener at the end of a phrase, and hand the word over."""
        self._wish(max(0.0, first_s - self._between((0.1, 0.3))), "viewer")
        if not self._others:
            return
        glance_s = first_s + self._between(SPEAKS_S)
        phrases = phrases_in(turn, call=self._call)
        for phrase in phrases:
            middle_s = phrase.first_s + 0.55 * (phrase.last_s - phrase.first_s)
            long = phrase.last_s - phrase.first_s > 4.0
            at_s = middle_s if long else phrase.last_s - 0.3
            if at_s < glance_s or at_s > last_s - 1.0:
                continue
            self._wish(at_s, "person", self._favourite(after), head=0.7)
            at_s += self._between(GLANCES_S)
            self._wish(at_s, "viewer")
            glance_s = at_s + self._between(SPEAKS_S)
        follows = after is not None and float(after.first / self._call.rate) < last_s + 1.5
        if follows and after is not None and after.speaker in self._others:
            self._wish(last_s - self._between((0.1, 0.35)), "person", after.speaker)

    def _favourite(self, after: Saying | None) -> str:
        """Look rather at who speaks next."""
        if after is not None and after.speaker in self._others and self._rng.random() < 0.7:
            return after.speaker
        return self._others[int(self._rng.integers(len(self._others)))]

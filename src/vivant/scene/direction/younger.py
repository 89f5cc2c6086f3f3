"""*My younger self*: one person at two ages, side by side, the hand of one on the other's shoulder.

Both photographs are of the same person. Today's photo is the first of the cast, that of long ago the second; nobody is
made younger or older than a photo shows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vivant.performance.curves import Performance
from vivant.performance.performing import perform_idle
from vivant.scene.direction import acting
from vivant.scene.direction.call import Call, Curve, Direction, staged
from vivant.scene.direction.gathering import Gathering, Spot, face_m, gather
from vivant.scene.direction.laying_hands import Laid, laid_hand
from vivant.scene.direction.shoulders import edge_of_shoulder
from vivant.scene.direction.stages import turned_to_the_light
from vivant.scene.direction.tenderness import Bearing, borne
from vivant.scene.figure.build import Build, child_build
from vivant.scene.figure.turns import ease
from vivant.scene.near.sleeve import Sleeve
from vivant.scene.shot import Presence, Shot

OVERLAP_M = 0.055
"""How far one shoulder hides the other."""
APART_M = (0.19, 0.34)
"""Between the eyes of the two, at least and at most."""
TALL_APART_M = 0.205
"""The most in an upright picture."""
BEHIND_M = 0.05
"""How much farther from the camera the one stands whose hand it is."""
CHILD_LOWER_M = 0.115
"""A child's eyes are this much lower: the grown one bends, or sits."""
FAR_FROM = 1.35
"""Width over height of a picture in which the far shoulder is seen; in narrower ones the hand lies on the near one."""
FARTHER = 0.05
"""Whoever stands behind is smaller: their photo ends so much higher in the picture."""
HIDDEN = 0.24
"""In an upright picture two heads have room only where the photos' lower ends may be in the picture: mist lies there."""
GLANCE_DEG = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Two:
    """Who is where: ``today`` is the first photo, ``then`` the second."""

    today: str
    then: str
    holds: str
    """Whose hand it is; they stand at the left, a little behind."""

    @property
    def held(self) -> str:
        """On whose shoulder it lies."""
        return self.then if self.holds == self.today else self.today

    @property
    def both(self) -> tuple[str, str]:
        """Who is behind, and who is in front."""
        return self.holds, self.held


def side_by_side(call: Call) -> Shot:
    """Stand side by side, hand on shoulder; look at us, then at one another, and smile."""
    call = _with_ages(turned_to_the_light(call))
    name = call.who
    in_front = call.plan.choice("front", "younger")
    two = _Two(today=name, then=f"{name}/2", holds=name if in_front == "younger" else f"{name}/2")
    gathering = _gathered(call, two)
    performances = _acted(call, two)
    busts = {
        key: gathering.bust(
            key,
            performances[key],
            contact=np.full(call.frames, 0.8, np.float32) if key == two.held else None,
        )
        for key in two.both
    }
    sleeve = _hand_on(call, gathering, two, performances[two.held])
    stage = gathering.stage
    behind = (busts[two.holds], sleeve.only("behind"))
    presences: tuple[Presence, ...] = (
        *(behind if _far(call) else behind[::-1]),  # an arm to the near shoulder is behind both
        busts[two.held],
        sleeve.only("over"),
    )
    return staged(
        call,
        gathering.camera,
        presences=presences,
        mist=np.full(call.frames, 0.7, np.float32) if stage.misty else None,
        mist_top=0.86,
        particles=call.plan.particles
        or (() if call.plan.choice("particles", "") == "none" else stage.particles),
        rays=stage.rays,
    )


def _with_ages(call: Call) -> Call:
    """Say how tall the younger one is: as tall as today, or a child."""
    today = call.builds.get(call.who, Build())
    child = call.plan.choice("younger", "grown") == "child"
    then = child_build() if child else replace(today, stoop=0.0)
    return replace(call, builds={**call.builds, call.who: today, f"{call.who}/2": then})


def _gathered(call: Call, two: _Two) -> Gathering:
    wide = float(np.clip((call.aspect - 0.6) / (16 / 9 - 0.6), 0, 1))
    touching = face_m(call, two.holds) * edge_of_shoulder(
        call.people[two.holds].outline, "left", inside=0.0
    ) - face_m(call, two.held) * edge_of_shoulder(
        call.people[two.held].outline, "right", inside=0.0
    )
    most = TALL_APART_M + wide * (APART_M[1] - TALL_APART_M)
    apart = float(np.clip(touching - OVERLAP_M, APART_M[0], most))
    child = call.builds[two.then].child
    lower = {two.then: CHILD_LOWER_M if child else 0.0, two.today: 0.0}
    middle = sum(lower.values()) / 2
    spots = {
        key: Spot(
            right_m=sign * apart / 2,
            up_m=middle - lower[key],
            nearer_m=0.0 if key == two.held else -BEHIND_M,
            hidden=HIDDEN * (1 - wide) ** 2 - (0.0 if key == two.held else FARTHER),
        )
        for key, sign in ((two.holds, -1.0), (two.held, 1.0))
    }
    return gather(
        call,
        spots,
        face=0.27 - 0.075 * (1 - wide) ** 1.5,
        eyes_y=0.40 + 0.08 * (1 - wide) + (0.06 if child else 0.0),
        camera="near",
        push=0.08,
    )


def _acted(call: Call, two: _Two) -> dict[str, Performance]:
    """Look at us, then at one another, smiling; whoever speaks looks back at us for their words."""
    t = call.times_s / call.seconds
    glance = ease((t - 0.40) / 0.16) * (1 - 0.85 * ease((t - 0.80) / 0.16))
    warmth = 0.10 + 0.45 * ease((t - 0.44) / 0.22)
    quiet = perform_idle(call.seconds, rate=call.rate, seed=call.seed + 77, warmth=0.5)
    found = {}
    for key in two.both:
        toward = 1.0 if key == two.holds else -1.0
        performance = call.acted_by(call.who) if key == two.today else _as_long(quiet, call.frames)
        speaking = _speaking(call) if key == two.today else np.zeros(call.frames)
        look = glance * (1 - speaking)
        late = 1.0 if key == two.holds else 0.9
        found[key] = borne(
            acting.smile(performance, warmth * (1 - 0.5 * speaking)),
            Bearing(
                yaw_deg=toward * GLANCE_DEG * late * look,
                gaze=toward * 0.8 * look,
                roll_deg=-toward * 1.2 * look,
                calm=0.45 * look,
            ),
        )
    return found


def _as_long(performance: Performance, frames: int) -> Performance:
    """Cut or hold a performance's end: seconds may round to another number of frames."""
    at = np.minimum(np.arange(frames), performance.frames - 1)
    return Performance(
        rate=performance.rate,
        shapes=performance.shapes[at],
        head=performance.head[at],
        breath=performance.breath[at],
    )


def _speaking(call: Call) -> Curve:
    """Tell when words are said, 0..1, with half a second before and after."""
    rate = float(call.rate)
    frames = np.arange(call.frames)
    found = np.zeros(call.frames)
    for saying in call.sayings:
        begun = ease((frames - saying.first + 0.6 * rate) / (0.6 * rate))
        ended = ease((frames - saying.last) / (0.6 * rate))
        found = np.maximum(found, begun * (1 - ended))
    return found


def _hand_on(call: Call, gathering: Gathering, two: _Two, held: Performance) -> Sleeve:
    """Lay the hand of who stands behind at the left on the other's shoulder: the far one, round their back, or the near one."""
    t = call.times_s / call.seconds
    far = _far(call)
    return laid_hand(
        call,
        gathering,
        Laid(
            holder=two.holds,
            held=two.held,
            arm="left",
            on="left" if far else "right",
            inside=0.34 if far else 0.40,
        ),
        performance=held,
        press=ease((t - 0.46) / 0.10) * (1 - ease((t - 0.66) / 0.14)),
    )


def _far(call: Call) -> bool:
    """Tell whether the far shoulder is in the picture."""
    return call.aspect > FAR_FROM


DIRECTIONS: dict[str, Direction] = {"side-by-side": side_by_side}

"""What is near the camera: living photos and prints, over what is far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np
from jaxtyping import Float32, UInt8

from vivant.render.bust.becoming import gives_way, register, shifted
from vivant.render.bust.contact import Contact
from vivant.render.bust.staging import BustLayer, BustStage
from vivant.render.bust.tone import Tone, matched
from vivant.render.near_laying import lay
from vivant.render.near_pet import NearPet
from vivant.render.near_things import Around, NearThing
from vivant.render.photograph import Place, PrintStage
from vivant.rig.body import BodyMove, BodyRig, open_body
from vivant.rig.completion import completed
from vivant.rig.pet import PetRig
from vivant.rig.relief import Relief
from vivant.rig.rig import Rig, without_pictures
from vivant.scene.near.blossoms import Blossoms
from vivant.scene.props import Prop
from vivant.scene.shot import Animal, Bust, Photograph, Shot, near_presences
from vivant.scene.view import View


class Near:
    """Everything of a shot that lies over the set, in the order in which the shot names it."""

    def __init__(
        self,
        shot: Shot,
        rigs: Mapping[str, Rig],
        reliefs: Mapping[str, Relief],
        *,
        pets: Mapping[str, PetRig] | None = None,
        threads: int,
    ) -> None:
        near = near_presences(shot)
        busts = [one for one in near if isinstance(one, Bust)]
        matching = matched([rigs[bust.person] for bust in busts]) if busts else ()
        tones = iter(matching)
        by_person = {bust.person: tone for bust, tone in zip(busts, matching, strict=True)}
        self._contact: Contact | None = None
        touching = [one for one in near if isinstance(one, Bust | Animal)]
        things = any(isinstance(one, Prop) for one in near)
        if things or any(one.contact is not None for one in touching):
            self._contact = Contact(
                width_px=shot.width_px, height_px=shot.height_px, threads=threads
            )
        self._all: list[_Laid] = []
        for one in near:
            if isinstance(one, Bust):
                self._all.append(
                    _Living(
                        shot, one, rigs, tone=next(tones), contact=self._contact, threads=threads
                    )
                )
            elif isinstance(one, Animal):
                rig = (pets or {})[one.pet]
                self._all.append(NearPet(shot, one, rig, contact=self._contact, threads=threads))
            elif isinstance(one, Photograph):
                self._all.append(_Print(shot, one, reliefs[one.photo]))
            else:
                touches = not isinstance(one, Blossoms)  # flowers stand before the lens
                around = Around(tones=by_person, contact=self._contact if touches else None)
                self._all.append(NearThing(shot, one, around=around, threads=threads))

    def close(self) -> None:
        """Let threads go."""
        for one in self._all:
            one.close()

    @property
    def people(self) -> UInt8[np.ndarray, "height width"] | None:
        """How far each pixel of the last frame is covered by people, 0..255; unknown where nobody touches anybody."""
        return None if self._contact is None else self._contact.there

    def over(
        self, hdr: Float32[np.ndarray, "height width 3"], index: int, *, view: View
    ) -> Float32[np.ndarray, "height width 3"]:
        """Lay everything over what is far; ``hdr`` is written over."""
        if self._contact is not None:
            self._contact.begin()
        for one in self._all:
            hdr = one.over(hdr, index, view=view)
        return hdr


class _Laid(Protocol):
    def over(
        self, hdr: Float32[np.ndarray, "height width 3"], index: int, *, view: View
    ) -> Float32[np.ndarray, "height width 3"]: ...

    def close(self) -> None: ...


class _Print:
    """One photograph, shown as such."""

    def __init__(self, shot: Shot, one: Photograph, relief: Relief) -> None:
        self._one = one
        self._stage = PrintStage(
            relief, shot.light, height_px=shot.height_px, largest=float(one.height.max())
        )

    def close(self) -> None:
        """Hold nothing."""

    def over(
        self,
        hdr: Float32[np.ndarray, "height width 3"],
        index: int,
        *,
        view: View,  # noqa: ARG002 - a print is flat
    ) -> Float32[np.ndarray, "height width 3"]:
        one = self._one
        self._stage.over(
            hdr,
            Place(
                centre_x=float(one.centre_x[index]),
                centre_y=float(one.centre_y[index]),
                height=float(one.height[index]),
                roll_deg=float(one.roll_deg[index]),
                parallax=(float(one.parallax[index, 0]), float(one.parallax[index, 1])),
                presence=float(one.presence[index]),
            ),
        )
        return hdr


class _Living:
    """One living photo, and the one that it becomes."""

    def __init__(
        self,
        shot: Shot,
        bust: Bust,
        rigs: Mapping[str, Rig],
        *,
        tone: Tone,
        contact: Contact | None,
        threads: int,
    ) -> None:
        self._shot, self._bust, self._contact, self._threads = shot, bust, contact, threads
        first = rigs[bust.person]
        size = {"width_px": shot.width_px, "height_px": shot.height_px}
        largest = float(bust.face_height.max())

        def opened(rig: Rig, with_tone: Tone) -> BustStage:
            return BustStage(
                rig, **size, largest_face_share=largest, tone=with_tone, threads=threads
            )

        self._second: BustStage | None = None
        self._body: BodyRig | None = None
        if bust.gestures is not None:
            body = open_body(completed(first), arms=False)
            first = body.rig
            self._body = replace(body, rig=without_pictures(first))
        if bust.becomes is None:
            self._first = opened(first, tone)
            return
        second = rigs[bust.becomes]
        tones = matched([first, second])
        self._first = opened(first, tones[0])
        self._second = opened(second, tones[1])
        self._register = register(first, second)

    def close(self) -> None:
        self._first.close()
        if self._second is not None:
            self._second.close()

    def over(
        self, hdr: Float32[np.ndarray, "height width 3"], index: int, *, view: View
    ) -> Float32[np.ndarray, "height width 3"]:
        bust = self._bust
        amount = 0.0 if bust.becoming is None else float(bust.becoming[index])
        if self._second is None or amount <= 0:
            return self._placed(hdr, self._drawn(self._first, index), index, view)
        if amount >= 1:
            return self._placed(hdr, self._drawn(self._second, index), index, view)
        before = self._drawn(self._first, index)
        after = self._drawn(self._second, index)
        eyes = self._eyes_px(index)
        other = hdr.copy()
        if before is not None:
            before = shifted(before, self._register, share=amount, eyes_px=eyes)
        if after is not None:
            after = shifted(after, self._register, share=amount - 1, eyes_px=eyes)
        hdr = self._placed(hdr, before, index, view)
        other = self._placed(other, after, index, view)
        face_px = float(bust.face_height[index]) * self._shot.height_px
        height, width = hdr.shape[:2]
        share = gives_way(height, width, amount=amount, eyes_px=eyes, face_px=face_px)
        hdr += (other - hdr) * share[..., None]
        return hdr

    def _drawn(self, stage: BustStage, index: int) -> BustLayer | None:
        bust = self._bust
        return stage.draw(
            shapes=bust.performance.shapes[index],
            head=bust.performance.head[index],
            breath=float(np.clip(bust.performance.breath[index], 0, 1)),
            eyes_x=float(bust.eyes_x[index]),
            eyes_y=float(bust.eyes_y[index]),
            face_height=float(bust.face_height[index]),
            roll_deg=float(bust.roll_deg[index]),
            seconds=index / float(self._shot.rate),
            body=self._moved(index),
        )

    def _moved(self, index: int) -> BodyMove | None:
        if self._body is None or self._bust.gestures is None:
            return None
        return self._body.move(self._bust.gestures[index])

    def _placed(
        self,
        hdr: Float32[np.ndarray, "height width 3"],
        layer: BustLayer | None,
        index: int,
        view: View,
    ) -> Float32[np.ndarray, "height width 3"]:
        if layer is None:
            return hdr
        presence = 1.0 if self._bust.presence is None else float(self._bust.presence[index])
        return lay(
            hdr,
            layer,
            light=self._shot.light,
            view=view,
            presence=presence,
            touches=0.0 if self._bust.contact is None else float(self._bust.contact[index]),
            contact=self._contact,
            threads=self._threads,
        )

    def _eyes_px(self, index: int) -> tuple[float, float]:
        height, width = self._shot.height_px, self._shot.width_px
        return (
            (width - 1) / 2 + float(self._bust.eyes_x[index]) * height,
            float(self._bust.eyes_y[index]) * height - 0.5,
        )

"""A living photo of an animal, laid over what is behind it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32

from vivant.render.bust.contact import Contact
from vivant.render.near_laying import lay
from vivant.render.pet import PetStage
from vivant.render.pet_shape import pet_tone
from vivant.rig.pet import PetRig
from vivant.scene.shot import Animal, Shot
from vivant.scene.view import View


class NearPet:
    """One animal of a shot."""

    def __init__(
        self,
        shot: Shot,
        one: Animal,
        rig: PetRig,
        *,
        contact: Contact | None,
        threads: int,
    ) -> None:
        self._shot, self._one, self._contact, self._threads = shot, one, contact, threads
        self._stage = PetStage(
            rig,
            width_px=shot.width_px,
            height_px=shot.height_px,
            largest_face_share=float(one.face_height.max()),
            tone=pet_tone(rig),
            threads=threads,
        )

    def close(self) -> None:
        """Let go of everything."""
        self._stage.close()

    def over(
        self, hdr: Float32[np.ndarray, "height width 3"], index: int, *, view: View
    ) -> Float32[np.ndarray, "height width 3"]:
        """Lay it over ``hdr``, which is written over."""
        one = self._one
        layer = self._stage.draw(
            curves=one.performance.curves[index],
            eyes_x=float(one.eyes_x[index]),
            eyes_y=float(one.eyes_y[index]),
            face_height=float(one.face_height[index]),
            roll_deg=float(one.roll_deg[index]),
        )
        if layer is None:
            return hdr
        presence = 1.0 if one.presence is None else float(one.presence[index])
        return lay(
            hdr,
            layer,
            light=self._shot.light,
            view=view,
            presence=presence,
            touches=0.0 if one.contact is None else float(one.contact[index]),
            contact=self._contact,
            threads=self._threads,
        )

"""A dozen people who never lived, and a family."""

from __future__ import annotations

from functools import lru_cache

from vivant.painting.family import FAMILY
from vivant.painting.painter import paint
from vivant.painting.spec import FaceSpec, Painted

CAST: dict[str, FaceSpec] = {
    spec.name: spec
    for spec in (
        FaceSpec(name="elder-man-beard", seed=11, age_years=72, skin=0.12, softness=0.1, face_width=1.02, nose_width=1.12,
                 nose_length=1.06, lip_fullness=0.75, eye_colour=(88, 112, 128), hair="fringe", hair_colour=(196, 192, 186),
                 beard=1.0, moustache=1.0, clothes="jumper", clothes_colour=(58, 72, 66), background=(120, 112, 96)),
        FaceSpec(name="elder-woman-glasses", seed=12, age_years=76, skin=0.1, softness=0.85, face_width=0.98, lip_fullness=0.8,
                 lip_colour=0.35, eye_colour=(96, 118, 110), hair="bun", hair_colour=(186, 184, 184), glasses="round",
                 earrings=True, expression="content", clothes="blouse", clothes_colour=(118, 92, 124), light_deg=35,
                 background=(132, 140, 146)),
        FaceSpec(name="young-woman-long-hair", seed=13, age_years=26, skin=0.22, softness=1.0, face_width=0.95, nose_width=0.86,
                 nose_length=0.95, lip_fullness=1.15, lip_colour=0.4, eye_colour=(96, 68, 40), hair="long",
                 hair_colour=(64, 40, 28), clothes="dress", clothes_colour=(140, 60, 56), background=(112, 124, 126)),
        FaceSpec(name="woman-hijab", seed=14, age_years=34, skin=0.38, softness=0.9, nose_width=0.95, lip_fullness=1.1,
                 lip_colour=0.3, eye_colour=(74, 48, 30), hair_colour=(34, 24, 20), hijab=(62, 116, 120), expression="content",
                 clothes="blouse", clothes_colour=(52, 66, 84), light_deg=40, background=(170, 152, 130)),
        FaceSpec(name="man-glasses-moustache", seed=15, age_years=46, skin=0.55, softness=0.15, face_width=1.03, nose_width=1.12,
                 lip_fullness=0.95, eye_colour=(66, 42, 28), hair="short", hair_colour=(30, 26, 26), moustache=1.0,
                 glasses="square", clothes="shirt", clothes_colour=(196, 202, 212), background=(92, 108, 120)),
        FaceSpec(name="young-man-curls", seed=16, age_years=24, skin=0.95, softness=0.35, nose_width=1.28, nose_length=0.94,
                 lip_fullness=1.4, eye_colour=(62, 40, 28), hair="curls", hair_colour=(34, 26, 24), beard=0.2, moustache=0.2,
                 clothes="jumper", clothes_colour=(196, 150, 66), light_deg=-48, background=(140, 122, 108)),
        FaceSpec(name="woman-smile", seed=17, age_years=38, skin=0.7, softness=0.85, nose_width=1.15, lip_fullness=1.2,
                 lip_colour=0.45, eye_colour=(70, 44, 30), hair="bob", hair_colour=(38, 26, 22), expression="smile",
                 clothes="blouse", clothes_colour=(208, 196, 176), light_deg=38, background=(96, 120, 108)),
        FaceSpec(name="girl", seed=18, age_years=8, skin=0.2, softness=0.9, nose_width=1.05, eye_fold=0.85, eye_tilt=0.12,
                 lip_fullness=1.0, eye_colour=(58, 38, 28), hair="bob", hair_colour=(28, 24, 26), bangs=True,
                 expression="content", clothes="jumper", clothes_colour=(196, 92, 84), background=(150, 166, 172)),
        FaceSpec(name="man-hat-print", seed=19, age_years=62, skin=0.15, softness=0.1, nose_length=1.08, nose_width=1.05,
                 lip_fullness=0.7, eye_colour=(80, 96, 108), hair="short", hair_colour=(120, 116, 112), moustache=0.9,
                 hat=True, clothes="jacket", clothes_colour=(48, 46, 48), light_deg=-30, background=(150, 148, 144),
                 print_look=True),
        FaceSpec(name="woman-three-quarter", seed=20, age_years=42, skin=0.3, softness=0.8, face_width=0.97, nose_length=1.05,
                 lip_fullness=0.95, lip_colour=0.55, eye_fold=0.8, eye_tilt=0.1, eye_colour=(60, 40, 28), hair="bun",
                 hair_colour=(30, 24, 24), earrings=True, yaw_deg=-26, light_deg=-45, clothes="blouse",
                 clothes_colour=(44, 84, 92), background=(126, 110, 100)),
        FaceSpec(name="man-three-quarter", seed=21, age_years=33, skin=0.25, softness=0.2, face_width=0.99, nose_width=0.98,
                 eye_colour=(88, 116, 96), hair="short", hair_colour=(126, 82, 48), beard=0.5, moustache=0.5, yaw_deg=28,
                 light_deg=42, clothes="jacket", clothes_colour=(64, 74, 92), background=(104, 112, 104)),
        FaceSpec(name="man-bald", seed=22, age_years=54, skin=0.82, softness=0.1, face_width=1.05, nose_width=1.25,
                 lip_fullness=1.15, eye_colour=(62, 42, 30), hair="bald", hair_colour=(40, 34, 32), beard=0.35, moustache=0.3,
                 clothes="shirt", clothes_colour=(92, 128, 168), background=(164, 150, 128), light_deg=-36),
        *FAMILY,
    )
}  # fmt: skip
"""By name; varied in age, skin, hair, beard, glasses, headwear, turn and light."""


@lru_cache(maxsize=32)
def portrait(name: str, *, width_px: int = 768, height_px: int = 960) -> Painted:
    """Paint one of the cast, once; asked again, the same painting is handed out."""
    return paint(CAST[name], width_px=width_px, height_px=height_px)

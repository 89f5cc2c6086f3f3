"""A family, their friends and neighbours, who never lived: the demo cast of the films."""

from __future__ import annotations

from dataclasses import replace

from vivant.painting.spec import FaceSpec

ANNA = FaceSpec(name="anna", seed=41, style="fine", age_years=74, skin=0.14, softness=0.9, face_width=0.97, nose_width=0.94,
                nose_length=0.97, eye_colour=(84, 108, 120), hair="waves", hair_colour=(198, 194, 190), lip_colour=0.3,
                earrings=True, expression="content", light_deg=36, clothes="blouse", clothes_colour=(92, 120, 142),
                background=(150, 146, 138))  # fmt: skip

FAMILY: tuple[FaceSpec, ...] = (
    ANNA,
    replace(ANNA, name="anna-young", age_years=26, hair="long", hair_colour=(112, 74, 46), lip_colour=0.25, earrings=False,
            clothes="dress", clothes_colour=(148, 88, 92)),
    replace(ANNA, name="anna-child", age_years=8, hair="bob", hair_colour=(142, 100, 62), lip_colour=0.0, earrings=False,
            clothes="dress", clothes_colour=(176, 150, 96)),
    FaceSpec(name="martin", seed=42, style="fine", age_years=76, skin=0.2, softness=0.3, nose_width=1.08, nose_length=1.05,
             lip_fullness=0.85, eye_colour=(92, 84, 62), hair="fringe", hair_colour=(206, 202, 196), expression="content",
             clothes="shirt", clothes_colour=(150, 162, 176), background=(126, 128, 120), light_deg=-36),
    FaceSpec(name="lena", seed=43, style="fine", age_years=45, skin=0.18, softness=0.85, face_width=0.98, lip_fullness=1.0,
             lip_colour=0.25, eye_colour=(88, 104, 96), hair="waves", hair_colour=(120, 82, 54), expression="content",
             clothes="jumper", clothes_colour=(120, 132, 116), background=(142, 138, 130), light_deg=34),
    FaceSpec(name="jonas", seed=44, style="fine", age_years=47, skin=0.28, softness=0.25, nose_width=1.04, lip_fullness=0.95,
             eye_colour=(86, 64, 44), hair="short", hair_colour=(64, 50, 42), beard=0.32, moustache=0.3, expression="content",
             clothes="shirt", clothes_colour=(88, 104, 124), background=(128, 124, 118), light_deg=-38),
    FaceSpec(name="mia", seed=45, style="fine", age_years=7, skin=0.16, softness=0.95, nose_width=1.0, lip_fullness=1.0,
             eye_colour=(92, 100, 84), hair="long", hair_colour=(150, 108, 68), expression="content", clothes="jumper",
             clothes_colour=(190, 120, 116), background=(156, 160, 160), light_deg=34),
    FaceSpec(name="ben", seed=46, style="fine", age_years=5, skin=0.18, softness=0.8, nose_width=1.04, lip_fullness=1.0,
             eye_colour=(96, 112, 122), hair="short", hair_colour=(176, 138, 92), expression="content", clothes="jumper",
             clothes_colour=(86, 118, 140), background=(162, 158, 148), light_deg=-34),
    FaceSpec(name="tom", seed=47, style="fine", age_years=24, skin=0.24, softness=0.35, nose_width=1.0, lip_fullness=1.05,
             eye_colour=(84, 92, 80), hair="short", hair_colour=(94, 64, 42), beard=0.12, moustache=0.12, expression="content",
             clothes="jumper", clothes_colour=(74, 84, 90), background=(140, 140, 134), light_deg=36),
    FaceSpec(name="baby", seed=48, style="fine", age_years=0.6, skin=0.16, softness=1.0, nose_width=1.05, lip_fullness=1.05,
             eye_colour=(84, 100, 116), hair="crop", hair_colour=(168, 136, 100), expression="content", clothes="jumper",
             clothes_colour=(214, 206, 192), background=(170, 164, 154), light_deg=32),
    FaceSpec(name="amara", seed=49, style="fine", age_years=68, skin=0.86, softness=0.9, nose_width=1.2, nose_length=0.95,
             lip_fullness=1.3, lip_colour=0.2, eye_colour=(66, 44, 32), hair="bun", hair_colour=(124, 120, 118), earrings=True,
             expression="content", clothes="blouse", clothes_colour=(176, 112, 62), background=(132, 122, 108), light_deg=36),
    FaceSpec(name="kofi", seed=50, style="fine", age_years=71, skin=0.92, softness=0.3, face_width=1.02, nose_width=1.26,
             nose_length=0.96, lip_fullness=1.25, eye_colour=(60, 42, 32), hair="crop", hair_colour=(150, 148, 146), beard=0.3,
             moustache=0.3, expression="content", clothes="jacket", clothes_colour=(62, 66, 84), background=(138, 128, 112),
             light_deg=-36),
    FaceSpec(name="mei", seed=51, style="fine", age_years=33, skin=0.24, softness=0.92, face_width=0.99, nose_width=1.04,
             nose_length=0.95, lip_fullness=1.05, lip_colour=0.3, eye_fold=0.8, eye_tilt=0.1, eye_colour=(62, 44, 34),
             hair="long", hair_colour=(34, 29, 30), expression="content", clothes="blouse", clothes_colour=(196, 184, 170),
             background=(136, 142, 138), light_deg=36),
)  # fmt: skip
"""Anna at three ages, her husband Martin, their children Lena and Jonas, grandchildren, and friends."""

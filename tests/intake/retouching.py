"""Paint on photographs: closed eyes, glasses, groups."""

from __future__ import annotations

import cv2
import numpy as np

from vivant.media.face import (
    LEFT_EYE_LOWER,
    LEFT_EYE_UPPER,
    LEFT_IRIS,
    RIGHT_EYE_LOWER,
    RIGHT_EYE_UPPER,
    RIGHT_IRIS,
)


def with_closed_eyes(pixels: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """Draw the skin of the upper lids down over the eyes, with a line of lashes below."""
    painted = pixels.astype(np.float32)
    for upper, lower in ((RIGHT_EYE_UPPER, RIGHT_EYE_LOWER), (LEFT_EYE_UPPER, LEFT_EYE_LOWER)):
        above = landmarks[list(upper), :2][np.argsort(landmarks[list(upper), 0])]
        below = landmarks[list(lower), :2][np.argsort(landmarks[list(lower), 0])]
        gap = float((below[:, 1] - above[:, 1]).max())
        for x in range(int(above[0, 0]) - 2, int(above[-1, 0]) + 3):
            lid = float(np.interp(x, above[:, 0], above[:, 1]))
            bottom = float(np.interp(x, below[:, 0], below[:, 1])) + 0.12 * gap
            top = lid - 0.9 * gap
            rows = np.arange(int(top), int(bottom) + 1)
            taken = top + (rows - top) / (bottom - top) * (lid - 0.12 * gap - top)
            column = pixels[:, x].astype(np.float32)
            skin = [np.interp(taken, np.arange(len(column)), column[:, c]) for c in range(3)]
            lashes = np.exp(-(((rows - bottom + 0.08 * gap) / (0.09 * gap + 0.6)) ** 2))[:, None]
            painted[rows, x] = np.stack(skin, axis=1) * (1 - 0.75 * lashes)
    return cv2.GaussianBlur(painted, (0, 0), 0.6).astype(np.uint8)


def with_glasses(
    pixels: np.ndarray,
    landmarks: np.ndarray,
    *,
    colour: tuple[int, int, int],
    thick: float,
    wide: float,
    deep: float,
) -> np.ndarray:
    """Draw a frame; lengths are in distances between the eyes."""
    painted = pixels.copy()
    right, left = landmarks[RIGHT_IRIS[0], :2], landmarks[LEFT_IRIS[0], :2]
    distance = float(np.linalg.norm(left - right))
    along = (left - right) / distance
    down = np.array([-along[1], along[0]])
    angle = float(np.degrees(np.arctan2(along[1], along[0])))
    line = max(1, round(thick * distance))

    def draw(start: np.ndarray, end: np.ndarray) -> None:
        first, last = start.astype(int).tolist(), end.astype(int).tolist()
        cv2.line(painted, first, last, colour, line, cv2.LINE_AA)

    for eye, side, temple in ((right, -1, 234), (left, 1, 454)):
        middle = (eye + down * 0.06 * distance).astype(int).tolist()
        axes = (int(wide * distance), int(deep * distance))
        cv2.ellipse(painted, middle, axes, angle, 0, 360, colour, line, cv2.LINE_AA)
        draw(eye + side * along * wide * distance, landmarks[temple, :2])
    draw(right + along * wide * distance, left - along * wide * distance)
    return painted


def in_a_row(*pictures: np.ndarray, height_px: int = 300) -> np.ndarray:
    """Put pictures side by side, each as high as asked, on one strip."""
    scaled = [
        cv2.resize(
            picture,
            (round(picture.shape[1] * height_px / picture.shape[0]), height_px),
            interpolation=cv2.INTER_AREA,
        )
        for picture in pictures
    ]
    return np.ascontiguousarray(np.hstack(scaled))


def enlarged(pixels: np.ndarray, factor: float) -> np.ndarray:
    """Enlarge or reduce a picture."""
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    return cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=how)

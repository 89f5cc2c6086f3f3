"""Things of our own near the camera: sleeves with hands, a swaddled newborn. Numbers only; ``render.near_things`` draws them."""

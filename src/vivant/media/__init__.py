"""What a picture, a sound and a moment are, and how files are read and written safely."""

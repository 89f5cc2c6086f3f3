"""The voice: words into speech whose every sound is known in time, and recordings likewise."""

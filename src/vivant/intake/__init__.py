"""Photos in, a likeness out: ``intake.taking.take_photos`` is the door."""

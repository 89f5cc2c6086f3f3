"""Places that our own code builds: geometry, air and light."""

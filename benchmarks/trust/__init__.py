"""Whether what must be trusted can be: marks that survive, a register that finds, policies that hold."""

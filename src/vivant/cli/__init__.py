"""The command line: ``vivant film``, ``verify``, ``inspect`` and the rest."""

"""Engines that run in a process of their own, perhaps under another Python: see ``apart`` and ``wire``.

Modules here import nothing of Vivant but ``wire``, and heavy libraries only inside functions: the
Python that runs them need not have Vivant installed.
"""

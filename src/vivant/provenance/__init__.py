"""Who agreed, what was made, and how anyone can check it.

``consent`` holds what a person allowed, ``policy`` what may be made of it, ``ledger`` what
happened, ``record`` what one film is made of. ``label``, ``aigc``, ``manifest`` and ``watermark``
write the four marks that every film carries. The reasons: ``docs/explanation/papers.md``.
"""

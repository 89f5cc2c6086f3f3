"""What Vivant costs on this machine, beside what physics and x264 cost: ``make bench``.

Rules: warm up first; report the median of several rounds, and CPU time where other work may disturb the clock;
print losses as well as wins; use public doors only, the kernel's own bench aside.
"""

"""What runs in processes of their own, under a Python that may be another than ours."""

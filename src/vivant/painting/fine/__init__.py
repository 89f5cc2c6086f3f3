"""The finer way of painting: soft light, lids and lips with form, hair in locks, whole shoulders."""

"""Demonstration content: a small government, its people and four months of cases. Only `manage.py demo` loads it."""

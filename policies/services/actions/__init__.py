"""Everything that changes a service: writing, publishing, withdrawing, reviewing."""

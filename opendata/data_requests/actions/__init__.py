"""Every write to requests for data, as a verb."""

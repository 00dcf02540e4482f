"""Public pages: voting and answering, and what came of it."""

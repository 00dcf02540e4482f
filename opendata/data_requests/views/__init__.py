"""Public pages: reading requests and supporting them (pages), asking (sending), following one's own (tracking)."""

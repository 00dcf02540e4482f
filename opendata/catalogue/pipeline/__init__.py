"""The work of the background: reading uploads, building and publishing versions."""

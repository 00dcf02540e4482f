"""Everything that changes an announcement: writing, publishing, taking down."""

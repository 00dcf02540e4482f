"""Everything that changes a policy: writing, reviewing, publishing, finding it still right."""

"""Where staff build questionnaires, in the admin."""

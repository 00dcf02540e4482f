"""Every write: `editing` changes entries, `opinions` keeps what readers say and how often a question is asked."""

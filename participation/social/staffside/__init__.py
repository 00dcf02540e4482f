"""The staff side of the register: the form of an account, its buttons, the list."""

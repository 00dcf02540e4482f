"""What staff see and do: the page of a request and its buttons. Wired into the admin site by admin.py."""

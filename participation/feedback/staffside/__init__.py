"""What staff see and do: the case page, lists, registering, bulk work. Wired into the admin site by admin.py."""

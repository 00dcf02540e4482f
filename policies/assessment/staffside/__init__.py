"""What staff see and do: filling in an area, submitting, checking. Wired into the admin site by admin.py."""

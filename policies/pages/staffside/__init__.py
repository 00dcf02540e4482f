"""What staff see and do: the form, the buttons, the preview, the comparison. Wired into the admin site by admin.py."""

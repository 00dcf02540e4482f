"""What staff see and do: the form, the buttons, the preview. Wired into the admin site by admin.py."""

"""Staff sign-in."""

from django.contrib.admin.forms import AdminAuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AdminAuthenticationForm):
    """Django's form, with words that say what to do and nothing about which part was wrong."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "invalid_login": _("The user name or password is not right. Check both and try again."),
    }

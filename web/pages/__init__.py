"""What people open in a browser: sign-in, the customer's page, a landing for staff. Needs NiceGUI."""

from nimrod.web.pages.mount import mount_pages

__all__ = ["mount_pages"]

"""Settings: read once at the start, refused with name and reason when wrong."""

from nimrod.platform.settings.load import SettingsRefused, load_settings
from nimrod.platform.settings.model import SYSTEMS, Settings, System

__all__ = ["SYSTEMS", "Settings", "SettingsRefused", "System", "load_settings"]

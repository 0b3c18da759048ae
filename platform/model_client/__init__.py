"""The one door to models: any OpenAI-compatible endpoint, the local model when there is none or it fails."""

from nimrod.platform.model_client.client import LOCAL_MODEL, Models, local_models, open_models
from nimrod.platform.model_client.fallback import Fallback

__all__ = ["LOCAL_MODEL", "Fallback", "Models", "local_models", "open_models"]

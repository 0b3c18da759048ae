"""Helsinki, as the words need it."""

import pytest

from nimrod.domain.shared.city import City
from nimrod.platform.cities import load_city


@pytest.fixture(scope="session")
def city() -> City:
    return load_city("helsinki")

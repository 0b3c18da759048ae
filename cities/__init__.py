"""City files: `<city_id>.yaml`, read by `nimrod.platform.cities`."""

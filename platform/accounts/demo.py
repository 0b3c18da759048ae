"""The people of the demo world: their common password and their login names. Only the demo seeder makes them."""

DEMO_PASSWORD = "nimrod-demo"  # noqa: S105 - public on purpose, for worlds without real people
DEMO_LOGINS = ("mia", "noah", "aino", "elias", "jana", "petr", "otto", "fiona", "ada", "egon", "alva")

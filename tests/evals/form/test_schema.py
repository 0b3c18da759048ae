"""The JSON schema of case files in docs is the one of the models, and takes the project's cases."""

import json
from pathlib import Path

import jsonschema

from nimrod.evals.form.loader import find_files
from nimrod.evals.form.plain_yaml import read
from nimrod.evals.form.schema import case_file_schema

ROOT = Path(__file__).parents[3]


def test_the_schema_in_docs_is_current() -> None:
    kept = (ROOT / "docs" / "schemas" / "eval-case.schema.json").read_text(encoding="utf-8")
    assert kept == case_file_schema(), "run: python -m nimrod.evals.form.schema > docs/schemas/eval-case.schema.json"


def test_every_case_file_of_the_project_fits_the_schema() -> None:
    schema = json.loads(case_file_schema())
    for path in find_files():
        jsonschema.validate(read(path.read_text(encoding="utf-8")), schema)

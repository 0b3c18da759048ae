"""The JSON schema of a case file: `python -m nimrod.evals.form.schema > docs/schemas/eval-case.schema.json`."""

import json

from pydantic import TypeAdapter

from nimrod.evals.form.case import Case


def case_file_schema() -> str:
    """The schema as it stands in docs/schemas, with a line end."""
    schema = TypeAdapter(list[Case]).json_schema(by_alias=True)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Nimrod eval cases"}
    return json.dumps(head | schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    print(case_file_schema(), end="")

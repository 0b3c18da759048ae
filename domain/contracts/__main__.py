"""`python -m nimrod.domain.contracts docs/contracts`: write the schemas; a breaking change is refused."""

import json
import sys
from pathlib import Path

from nimrod.domain.contracts.schemas import list_breaks, render_all


def main(folder: Path) -> int:
    """Write every schema that is new or safely changed; 1 when a published one would break its readers."""
    folder.mkdir(parents=True, exist_ok=True)
    broken = 0
    for name, text in render_all().items():
        file = folder / name
        breaks = list_breaks(json.loads(file.read_text(encoding="utf-8")), json.loads(text)) if file.exists() else []
        if breaks:
            broken = 1
            print(f"{name}: {'; '.join(breaks)}. Add a new version to the catalogue instead.", file=sys.stderr)
        else:
            file.write_text(text, encoding="utf-8")
    return broken


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/contracts")))

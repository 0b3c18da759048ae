"""Signing keys: made on first use, kept in the platform's database, published as a JWKS."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from joserfc.jwk import KeySet, OKPKey

from nimrod.platform.accounts.model import SigningKey
from nimrod.platform.accounts.ports import PlatformStore

ALGORITHM = "Ed25519"  # RFC 9864


def signing_key(store: PlatformStore, *, now: datetime, new_id: Callable[[str], str]) -> OKPKey:
    """The key that signs now; made when there is none yet."""
    with store.reading() as tables:
        current = _current(tables.list_keys())
    if current is None:
        with store.writing() as tables:  # another process may have been first: look again inside the write
            current = _current(tables.list_keys())
            if current is None:
                current = make_key(new_id("key"), now)
                tables.add_key(current)
    return OKPKey.import_key(json.loads(current.private_jwk))


def make_key(key_id: str, now: datetime) -> SigningKey:
    """A fresh Ed25519 key."""
    key = OKPKey.generate_key("Ed25519", {"kid": key_id, "use": "sig", "alg": ALGORITHM})
    return SigningKey(key_id, json.dumps(key.as_dict(private=True)), now)


def public_keys(store: PlatformStore) -> dict[str, object]:
    """The JWKS: public halves of all keys, retired ones included, so that tokens under way stay good."""
    with store.reading() as tables:
        keys = [OKPKey.import_key(json.loads(key.private_jwk)) for key in tables.list_keys()]
    return {"keys": [key.as_dict(private=False) for key in keys]}


def key_set(jwks: Mapping[str, object]) -> KeySet:
    """The JWKS as joserfc's key set."""
    return KeySet.import_key_set(dict(jwks))  # type: ignore[arg-type]


def _current(keys: Sequence[SigningKey]) -> SigningKey | None:
    return next((key for key in keys if key.retired_at is None), None)

"""How to check a download with tools that everybody has: a POSIX shell, OpenSSL 3, sha256sum, sed, grep and cmp.

It works because manifests are canonical: `"name"` and `"sha256"` of a file always stand next to each other, without
spaces, and a quote inside a text is always escaped.
"""

from __future__ import annotations

from opendata.trust.keys import PublicKey

_STEPS = r"""# 1. The public key, as the portal publishes it in /.well-known/jwks.json and on its page about signatures.
cat > key.pem <<'KEY'
{pem}KEY

# 2. Is the signature of the manifest genuine? It says: Signature Verified Successfully
cut -d. -f1,2 manifest.jws | tr -d '\n' > signed.txt
printf '%s==' "$(cut -d. -f3 manifest.jws | tr -- '-_' '+/')" | base64 -d > signature.bin
openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in signed.txt -sigfile signature.bin

# 3. Was this key used, and is manifest.json what was signed? Nothing is said if so.
decoded() {{
  part=$(cut -d. -f"$1" manifest.jws | tr -- '-_' '+/')
  while [ $(( ${{#part}} % 4 )) -ne 0 ]; do part="$part="; done
  printf '%s' "$part" | base64 -d
}}
decoded 1 | grep -q '"kid":"{kid}"'
decoded 2 | cmp - manifest.json

# 4. Is every file the one that the manifest names? It says OK for each.
grep -o '"name":"[^"]*","sha256":"[0-9a-f]*"' manifest.json |
  sed 's/^"name":"\(.*\)","sha256":"\(.*\)"$/\2  \1/' | sha256sum -c -
"""


def commands(key: PublicKey) -> str:
    """The commands for the folder of a download that was signed with this key; each ends with 0 when it is satisfied.

    They leave key.pem, signed.txt and signature.bin in that folder.
    """
    return _STEPS.format(pem=key.pem(), kid=key.kid)

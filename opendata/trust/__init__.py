"""Why a published file can be believed: signing keys, signed manifests, the public log, and their verification."""

"""Published files made of a typed table: CSV, XLSX, JSON, XML, Parquet, and what queries are answered from.

`files.build` writes them, `differences.compare` says what changed since the last version, `datapackage` describes
them; `limited` runs either in a process of its own under limits, which is how the portal does it.
"""

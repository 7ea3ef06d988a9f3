"""Checks an output directory with two readers that are not Spark: pyarrow and DuckDB.

    python check_parquet.py --output OUT [--input PATH ...]

Rows in = distinct ids out + error rows; an id is unique, per chunk or sample where there are such columns; every
`embedding` has the same length and only finite numbers. With --input the rows of the JSON lines files (blank lines
do not count) and text files (every line counts), also gzipped, must be the rows in. Exit 1 when a check fails.
"""

import argparse
import gzip
import json
import sys
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

PARTS_OF_A_ROW = ("chunk_index", "sample_index")


def parquet_files(output: Path) -> list[Path]:
    """The data files as Spark sees them: nothing below a name that begins with `_` or `.`."""
    return [
        path
        for path in sorted(output.rglob("*.parquet"))
        if not any(part.startswith(("_", ".")) for part in path.relative_to(output).parts)
    ]


def rows_in_file(path: Path) -> int:
    name = path.name.removesuffix(".gz")
    if not name.endswith((".jsonl", ".json", ".txt", ".text")):
        raise SystemExit(f"check_parquet: {path} is neither .jsonl nor .txt; leave it out of --input")
    opened = gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb")
    with opened as lines:
        return sum(1 for line in lines if name.endswith((".txt", ".text")) or line.strip())


def rows_of_inputs(inputs: list[Path]) -> int:
    files = []
    for path in inputs:
        files += sorted(child for child in path.rglob("*") if child.is_file()) if path.is_dir() else [path]
    return sum(rows_in_file(path) for path in files)


def facts_by_pyarrow(data: list[Path], errors: list[Path]) -> dict:
    ids, keys, vectors, not_finite, null_vectors, rows = set(), set(), set(), 0, 0, 0
    for path in data:
        file = pq.ParquetFile(path)
        names = file.schema_arrow.names
        has_vectors = "embedding" in names
        parts = [name for name in PARTS_OF_A_ROW if name in names]
        for batch in file.iter_batches(columns=["id", *parts] + ["embedding"] * has_vectors):
            rows += batch.num_rows
            ids.update(batch.column("id").to_pylist())
            keys.update(zip(*(batch.column(name).to_pylist() for name in ["id", *parts])))
            if has_vectors:
                column = batch.column("embedding")
                null_vectors += column.null_count
                lengths = [column.type.list_size] if pa.types.is_fixed_size_list(column.type) else None
                vectors.update(lengths or pc.unique(pc.list_value_length(column.drop_null())).to_pylist())
                values = pc.list_flatten(column)
                not_finite += values.null_count
                not_finite += int((~np.isfinite(values.drop_null().to_numpy(zero_copy_only=False))).sum())
    error_ids, codes = [], []
    for path in errors:
        table = pq.ParquetFile(path).read()
        error_ids += table.column("id").to_pylist()
        codes += table.column("code").to_pylist() if "code" in table.column_names else [""] * table.num_rows
    return {
        "rows": rows,
        "distinct ids": len(ids),
        "repeated ids": rows - len(keys),
        "null ids": int(None in ids),
        "error rows": len(error_ids),
        "ids out and in error": sum(
            1 for row, code in zip(error_ids, codes) if row in ids and code != "DUPLICATE_ID"
        ),
        "embedding lengths": sorted(vectors),
        "null embeddings": null_vectors,
        "values not finite": not_finite,
    }


def facts_by_duckdb(data: list[Path], errors: list[Path]) -> dict:
    database = duckdb.connect()

    def view(name: str, paths: list[Path], fallback: str) -> set[str]:
        listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
        source = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)" if paths else fallback
        database.execute(f"CREATE VIEW {name} AS SELECT * FROM {source}")
        return {row[0] for row in database.execute(f"DESCRIBE {name}").fetchall()}

    def one(sql: str) -> int:
        return database.execute(sql).fetchone()[0]

    columns = view("data", data, "(SELECT '' AS id WHERE false)")
    error_columns = view("errors", errors, "(SELECT '' AS id, '' AS code WHERE false)")
    key = ", ".join(["id", *(name for name in PARTS_OF_A_ROW if name in columns)])
    not_duplicate = "AND code IS DISTINCT FROM 'DUPLICATE_ID'" if "code" in error_columns else ""
    facts = {
        "rows": one("SELECT count(*) FROM data"),
        "distinct ids": one("SELECT count(*) FROM (SELECT DISTINCT id FROM data)"),
        "repeated ids": one(f"SELECT (SELECT count(*) FROM data) - count(*) FROM (SELECT DISTINCT {key} FROM data)"),
        "null ids": int(one("SELECT count(*) FROM data WHERE id IS NULL") > 0),
        "error rows": one("SELECT count(*) FROM errors"),
        "ids out and in error": one(
            f"SELECT count(*) FROM errors WHERE id IN (SELECT id FROM data) {not_duplicate}"
        ),
        "embedding lengths": [],
        "null embeddings": 0,
        "values not finite": 0,
    }
    if "embedding" in columns:
        lengths = database.execute("SELECT DISTINCT len(embedding) FROM data WHERE embedding IS NOT NULL").fetchall()
        facts["embedding lengths"] = sorted(row[0] for row in lengths)
        facts["null embeddings"] = one("SELECT count(*) FROM data WHERE embedding IS NULL")
        facts["values not finite"] = one(
            "SELECT count(*) FROM (SELECT unnest(embedding) AS value FROM data)"
            " WHERE value IS NULL OR NOT isfinite(value::DOUBLE)"
        )
    return facts


def problems(facts: dict, counts: dict, input_rows: int | None) -> list[str]:
    found = []
    if facts["distinct ids"] + facts["error rows"] != counts["rowsIn"]:
        found.append(
            f"{counts['rowsIn']} rows in, but {facts['distinct ids']} ids out + {facts['error rows']} error rows"
        )
    if facts["error rows"] != counts["rowsRejected"]:
        found.append(f"the manifest says {counts['rowsRejected']} rejected, the error table has {facts['error rows']}")
    if counts["rowsOut"] not in (facts["rows"], facts["distinct ids"]):
        found.append(f"the manifest says {counts['rowsOut']} rows out, the files have {facts['rows']}")
    if input_rows is not None and input_rows != counts["rowsIn"]:
        found.append(f"the input has {input_rows} rows, the manifest says {counts['rowsIn']}")
    for name in ("repeated ids", "null ids", "ids out and in error", "null embeddings", "values not finite"):
        if facts[name]:
            found.append(f"{name}: {facts[name]}")
    if len(facts["embedding lengths"]) > 1:
        found.append(f"embeddings of different lengths: {facts['embedding lengths']}")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--input", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    manifest = options.output / "_textloom" / "manifest.json"
    if not manifest.is_file():
        print(f"check_parquet: {manifest} is missing: no output directory, or nothing was committed", file=sys.stderr)
        return 1
    counts = json.loads(manifest.read_text(encoding="utf-8"))["counts"]
    input_rows = rows_of_inputs(options.input) if options.input else None
    data = parquet_files(options.output)
    errors = sorted((options.output / "_textloom" / "errors").glob("*.parquet"))

    readers = {"pyarrow": facts_by_pyarrow(data, errors), "duckdb": facts_by_duckdb(data, errors)}
    print(f"{'':22}" + "".join(f"{reader:>12}" for reader in readers))
    for name in readers["pyarrow"]:
        values = [facts[name] for facts in readers.values()]
        shown = [", ".join(map(str, v)) or "-" if isinstance(v, list) else str(v) for v in values]
        print(f"{name:22}" + "".join(f"{value:>12}" for value in shown))
    print(f"{'manifest':22}" + "  ".join(f"{name} {counts[name]}" for name in ("rowsIn", "rowsOut", "rowsRejected")))
    if input_rows is not None:
        print(f"{'input':22}rows {input_rows}")

    failed = [f"{reader}: {problem}" for reader, facts in readers.items() for problem in problems(facts, counts, input_rows)]
    if readers["pyarrow"] != readers["duckdb"]:
        failed.append("the two readers disagree")
    for problem in failed:
        print(f"FAILED  {problem}")
    if not failed:
        print("ok")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

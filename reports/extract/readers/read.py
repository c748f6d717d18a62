"""Reads the files of an extract with pyarrow, and says what it sees, as JSON: rows, types, nulls, metadata."""
import glob
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
import pyarrow.parquet

seen = {}
for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.parquet"))):
    table = pyarrow.parquet.read_table(path)
    metadata = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items() if k.startswith(b"miic.")}
    seen[os.path.basename(path).removesuffix(".parquet")] = {
        "rows": table.num_rows,
        "metadata": metadata,
        "columns": [{"name": f.name, "type": str(f.type), "nulls": table[f.name].null_count} for f in table.schema],
    }
json.dump(seen, sys.stdout)

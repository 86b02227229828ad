"""Does in Spark what Tailorbird asks for. `spark-submit` runs it, spark.rs talks to it.

One JSON object a line, each answered by one. They come by a socket, because `spark-submit` does not pass its input on.
When the socket closes, nobody waits for an answer: Spark stops, be it in the middle of a job, and its tables are gone.
"""

import json, os, queue, re, shutil, socket, threading, uuid

from py4j.protocol import Py4JJavaError, Py4JNetworkError
from pyspark.sql import SparkSession, functions as f
from pyspark.sql.types import StringType, StructField, StructType

connection = socket.create_connection(("127.0.0.1", int(os.environ["TAILORBIRD_PORT"])))
incoming = connection.makefile("r", encoding="utf-8")
outgoing = connection.makefile("w", encoding="utf-8", newline="\n")


def answer(**fields):
    print(json.dumps(fields), file=outgoing, flush=True)


answer(key=os.environ["TAILORBIRD_KEY"])
spark = SparkSession.builder.getOrCreate()
spark.sparkContext.setLogLevel("WARN")
Path = spark._jvm.org.apache.hadoop.fs.Path
work = f"{os.environ['TAILORBIRD_WORK'].rstrip('/')}/tailorbird-{uuid.uuid4().hex}"
tables = set()


def storage(path):
    return path.getFileSystem(spark._jsc.hadoopConfiguration())


def csv(files):
    """Columns go by name, and Spark goes by position: only files with the same header are read together."""
    reader = spark.read.options(header=True, multiLine=True, escape='"', maxCharsPerColumn=-1)
    alike = {}
    for file in files:
        alike.setdefault(tuple(reader.csv(file).columns), []).append(file)
    for columns, group in alike.items():
        rows = reader.schema(StructType([StructField(column, StringType()) for column in columns])).csv(group)
        texts = [f"NULLIF({quoted(column)}, '') AS {quoted(column)}" for column in columns]
        yield rows.select(*map(f.expr, texts), FILE)


def lines(files):
    yield spark.read.text(files).where("value <> ''").select(f.col("value").alias("line"), FILE)


def values(files):
    """What is no text is no JSON; Spark itself passes on any bytes."""
    rows = spark.read.option("lineSep", "\n").text(files).where("TRIM(BOTH ' \t\r' FROM value) <> ''")
    yield rows.select(f.expr("CASE WHEN IS_VALID_UTF8(value) THEN value END").alias("line"), FILE)


def parquet(files):
    """Folders named `column=value` are columns, if Spark is told where they begin; whole numbers are to be BIGINT."""
    trees = {}
    for file in files:
        parts = file.split("/")
        folders = [part.split("=")[0] for part in parts[:-1] if "=" in part]
        depth = next((at for at, part in enumerate(parts[:-1]) if "=" in part), len(parts) - 1)
        trees.setdefault(("/".join(parts[:depth]) or ".", *folders), []).append(file)
    for (base, *folders), group in trees.items():
        rows = spark.read.options(basePath=base, mergeSchema=len(group) > 1).parquet(*group)
        whole = [name for name, type in rows.dtypes if name in folders and type == "int"]
        yield rows.select("*", FILE).withColumns({name: f.expr(f"CAST({quoted(name)} AS BIGINT)") for name in whole})


FORMATS = {"csv": csv, "ndjson": lines, "lines": lines, "json": values, "parquet": parquet}
FILE = f.regexp_replace("_metadata.file_path", "^file:/+", "file:/").alias("tb_uri")


def quoted(name):
    return "`" + name.replace("`", "``") + "`"


def literal(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def address(file):
    """As Spark has it in `_metadata`, where versions differ in how many slashes follow `file:`."""
    return re.sub("^file:/+", "file:/", storage(Path(file)).makeQualified(Path(file)).toUri().toString())


def read(table, format, files):
    rows = None
    for part in FORMATS[format](files):
        rows = part if rows is None else rows.unionByName(part, allowMissingColumns=True)
    # A list in SQL, as one of Python's would take a process of its own to read.
    names = ", ".join(f"({literal(address(file))}, {literal(file)})" for file in files)
    names = spark.sql(f"SELECT tb_uri, tb_given FROM (VALUES {names}) AS named(tb_uri, tb_given)")
    named = rows.join(f.broadcast(names), "tb_uri", "left").withColumn("tb_file", f.coalesce("tb_given", "tb_uri"))
    named.drop("tb_uri", "tb_given").createOrReplaceTempView(table)


def define(view, select):
    spark.sql(select).createOrReplaceTempView(view)


def run_model(table, select):
    if table in tables:
        raise ValueError(f"there is a table {table} already")
    rows = spark.sql(select)
    rows.write.parquet(f"{work}/{table}")
    rows = spark.read.schema(rows.schema).parquet(f"{work}/{table}")
    rows.createOrReplaceTempView(table)
    tables.add(table)
    return rows.count()


def export(table, folder):
    """By way of the work folder: the local one is the driver's only, and the cluster cannot write there."""
    aside = f"{work}/export-{uuid.uuid4().hex}"
    spark.table(table).write.parquet(aside)
    source = storage(Path(aside))
    for entry in source.listStatus(Path(aside)):
        source.copyToLocalFile(True, entry.getPath(), Path(f"file:{os.path.abspath(folder)}"), True)
    source.delete(Path(aside), True)


def drop(table):
    tables.remove(table)
    spark.catalog.dropTempView(table)
    storage(Path(work)).delete(Path(f"{work}/{table}"), True)


ASKED = {"read": read, "define": define, "run_model": run_model, "export": export, "drop": drop}
requests = queue.Queue()


def why(error):
    if isinstance(error, Py4JJavaError):
        cause = error.java_exception
        while cause.getCause() is not None:
            cause = cause.getCause()
        return cause.toString()
    return str(error)


def serve():
    while True:
        request = requests.get()
        try:
            answer(rows=ASKED[request.pop("ask")](**request))
        except Py4JNetworkError:
            # Java has ended. That nothing is answered says so.
            os._exit(1)
        except Exception as error:
            answer(error="\n".join(why(error).strip().splitlines()[:6]))


answer(ready=spark.version)
threading.Thread(target=serve, daemon=True).start()
try:
    for line in incoming:
        requests.put(json.loads(line))
finally:
    try:
        spark.sparkContext.cancelAllJobs()
        storage(Path(work)).delete(Path(work), True)
        spark.stop()
    finally:
        # Tailorbird removes it as well, but may have been killed.
        shutil.rmtree(os.environ["TAILORBIRD_FOLDER"], ignore_errors=True)

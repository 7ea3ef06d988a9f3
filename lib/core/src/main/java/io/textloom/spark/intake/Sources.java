package io.textloom.spark.intake;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.textloom.openai.BatchInput;
import io.textloom.table.Columns;
import io.textloom.text.JsonLine;
import io.textloom.text.RejectCode;
import io.textloom.text.Texts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/** Reads each format into {@link RawRows}. Bytes that are not UTF-8 and lines that are not JSON are marked, never replaced or dropped. */
final class Sources {
    /** Lines of JSON Lines looked at to see that the named columns exist; unit: lines. */
    private static final int SAMPLE_LINES = 1000;

    private static final String CORRUPT = "__corrupt";
    /** Tasks that read paragraphs, each whole files. */
    private static final int MAX_READERS = 10_000;

    /** Of a row in the error table. */
    private static final int SHOWN_BYTES = 4096;

    private static final char REPLACEMENT = '\ufffd';

    private final SparkSession spark;
    private final IntakeOptions options;
    /** Lines in place of those of the files; null for these. */
    private final @Nullable Dataset<Row> sample;

    private final int maxRowBytes;

    Sources(SparkSession spark, IntakeOptions options) {
        this(spark, options, null);
    }

    /** @param sample columns as those of {@link #lines}, or of {@link #paragraphs}; null to read the files */
    Sources(SparkSession spark, IntakeOptions options, @Nullable Dataset<Row> sample) {
        this.spark = spark;
        this.options = options;
        this.sample = sample;
        this.maxRowBytes = options.limits().maxRowBytes();
    }

    RawRows read(SourceFiles files) {
        return switch (files.format()) {
            case TEXT -> text(files);
            case JSONL -> jsonLines(files);
            case CSV -> csv(files);
            case PARQUET -> columnar(files, "parquet");
            case ORC -> columnar(files, "orc");
            case OPENAI_BATCH -> batch(files);
            case AUTO -> throw new IllegalStateException("format not resolved");
        };
    }

    /** Rows of a query or table, which have no place in a file. */
    RawRows read(Dataset<Row> query) {
        List<Column> columns = new ArrayList<>(List.of(col("*")));
        columns.addAll(RawRows.noFault());
        columns.add(lit("").as(RawRows.PATH));
        columns.add(lit(0L).as(RawRows.BLOCK));
        columns.add(expr("monotonically_increasing_id()").as(RawRows.SEQUENCE));
        return new RawRows(query.select(columns.toArray(Column[]::new)), false);
    }

    private RawRows text(SourceFiles files) {
        Dataset<Row> lines = options.documents() == DocumentUnit.PARAGRAPH
                ? paragraphs(files)
                : lines(files, options.documents() == DocumentUnit.FILE);
        Column fault = callTextFault(col("value"), maxRowBytes);
        Column valid = col("fault").isNull();
        List<Column> columns = new ArrayList<>();
        columns.add(when(valid, col("value").cast("string")).as(options.textColumn()));
        columns.add(col("fault").as(RawRows.CODE));
        columns.add(when(col("fault").equalTo(RejectCode.TOO_LARGE.name()), lit(tooLarge(maxRowBytes)))
                .when(col("fault").isNotNull(), lit(NOT_UTF8))
                .as(RawRows.MESSAGE));
        columns.add(when(valid, lit(null))
                .otherwise(callLossy(col("value"), maxRowBytes))
                .as(RawRows.RAW));
        addPlace(columns);
        return new RawRows(lines.withColumn("fault", fault).select(columns.toArray(Column[]::new)), true);
    }

    private RawRows jsonLines(SourceFiles files) {
        Dataset<Row> all = lines(files, false);
        Dataset<Row> lines = all.filter(not(isBlankLine(col("value"))));
        StructType schema = jsonSchema(lines.filter(octet_length(col("value")).leq(maxRowBytes)));
        if (options.where().isEmpty() && options.keepColumns().isEmpty()) {
            return plainJsonLines(all, schema);
        }
        Column fault = callJsonFault(col("value"), maxRowBytes);
        Dataset<Row> parsed = lines.withColumn("fault", fault)
                .withColumn(
                        "json",
                        from_json(
                                when(col("fault").isNull(), col("value").cast("string")),
                                schema.add(CORRUPT, DataTypes.StringType),
                                Map.of("mode", "PERMISSIVE", "columnNameOfCorruptRecord", CORRUPT)));
        Column malformed = col("json." + CORRUPT).isNotNull();
        List<Column> columns = new ArrayList<>();
        for (StructField field : schema.fields()) {
            columns.add(col("json." + Columns.quoted(field.name())).as(field.name()));
        }
        columns.add(when(col("fault").isNotNull(), col("fault"))
                .when(malformed, lit(RejectCode.MALFORMED_JSON.name()))
                .as(RawRows.CODE));
        columns.add(when(col("fault").equalTo(RejectCode.INVALID_UTF8.name()), lit(NOT_UTF8))
                .when(col("fault").equalTo(RejectCode.TOO_LARGE.name()), lit(tooLarge(maxRowBytes)))
                .when(col("fault").isNotNull().or(malformed), lit(NOT_AN_OBJECT))
                .as(RawRows.MESSAGE));
        columns.add(when(col("fault").isNotNull().or(malformed), callLossy(col("value"), maxRowBytes))
                .as(RawRows.RAW));
        addPlace(columns);
        return new RawRows(parsed.select(columns.toArray(Column[]::new)), true);
    }

    /** Requests as text columns, the body as it is written; a line without an id is a fault of the line, so that none is made up for it. */
    private RawRows batch(SourceFiles files) {
        StructType strings = new StructType();
        for (String name : List.of(BatchInput.CUSTOM_ID, BatchInput.METHOD, BatchInput.URL, BatchInput.BODY)) {
            strings = strings.add(name, DataTypes.StringType);
        }
        Column id = col(BatchInput.CUSTOM_ID);
        Dataset<Row> rows = plainJsonLines(lines(files, false), strings)
                .rows()
                .withColumn(BatchInput.CUSTOM_ID, when(trim(id).notEqual(""), id));
        Column nameless = col(RawRows.CODE).isNull().and(id.isNull());
        return new RawRows(
                rows.withColumn(RawRows.MESSAGE, when(nameless, lit(NAMELESS)).otherwise(col(RawRows.MESSAGE)))
                        .withColumn(
                                RawRows.RAW,
                                when(nameless, col(BatchInput.BODY)).otherwise(col(RawRows.RAW)))
                        .withColumn(
                                RawRows.CODE,
                                when(nameless, lit(RejectCode.MISSING_ID.name()))
                                        .otherwise(col(RawRows.CODE))),
                true);
    }

    /** The quick way, for string columns alone. */
    private RawRows plainJsonLines(Dataset<Row> lines, StructType strings) {
        StructType schema = strings.add(RawRows.CODE, DataTypes.StringType)
                .add(RawRows.MESSAGE, DataTypes.StringType)
                .add(RawRows.RAW, DataTypes.StringType)
                .add(RawRows.PATH, DataTypes.StringType)
                .add(RawRows.BLOCK, DataTypes.LongType)
                .add(RawRows.SEQUENCE, DataTypes.LongType);
        JavaRDD<InternalRow> rows = lines.queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(new JsonLineReader(List.of(strings.fieldNames()), maxRowBytes));
        return new RawRows(spark.internalCreateDataFrame(rows.rdd(), schema, false), true);
    }

    /**
     * Columns of the lines. Where a condition or kept columns need them, all are looked for in all lines, for their types; else only text and id are
     * read, as strings, and a sample shows that they exist.
     */
    private StructType jsonSchema(Dataset<Row> lines) {
        if (!options.where().isEmpty() || !options.keepColumns().isEmpty()) {
            StructType schema = new StructType();
            for (StructField field : inferred(lines).fields()) {
                schema = schema.add(
                        field.name(), isTextOrId(field.name()) ? DataTypes.StringType : field.dataType(), true);
            }
            return schema;
        }
        StructType seen = inferred(lines.limit(SAMPLE_LINES));
        if (!hasTextAndId(seen)) {
            seen = inferred(lines);
        }
        if (!hasTextAndId(seen)) {
            return seen; // the missing column is reported with these names
        }
        StructType schema = new StructType().add(options.textColumn(), DataTypes.StringType, true);
        boolean ownId = !options.idColumn().isEmpty() && !options.idColumn().equals(options.textColumn());
        return ownId ? schema.add(options.idColumn(), DataTypes.StringType, true) : schema;
    }

    private boolean hasTextAndId(StructType schema) {
        List<String> names = List.of(schema.fieldNames());
        return names.contains(options.textColumn())
                && (options.idColumn().isEmpty() || names.contains(options.idColumn()));
    }

    private boolean isTextOrId(String name) {
        return name.equals(options.textColumn()) || name.equals(options.idColumn());
    }

    private StructType inferred(Dataset<Row> lines) {
        StructType inferred = spark.read()
                .option("columnNameOfCorruptRecord", CORRUPT)
                .json(lines.select(col("value").cast("string")).as(Encoders.STRING()))
                .schema();
        return new StructType(Arrays.stream(inferred.fields())
                .filter(f -> !f.name().equals(CORRUPT))
                .toArray(StructField[]::new));
    }

    private RawRows csv(SourceFiles files) {
        String separator = files.paths().get(0).toLowerCase(Locale.ROOT).contains(".tsv") ? "\t" : ",";
        DataFrameReader reader = spark.read()
                .option("header", true)
                .option("sep", separator)
                .option("multiLine", true)
                .option("escape", "\"")
                .option("enforceSchema", false)
                .option("maxCharsPerColumn", -1)
                .option("mode", "PERMISSIVE")
                .option("columnNameOfCorruptRecord", CORRUPT);
        String first = files.paths().get(0);
        StructType schema = schemaFound(
                List.of(first), () -> reader.csv(LiteralPaths.of(first)).schema());
        Dataset<Row> rows =
                reader.schema(schema.add(CORRUPT, DataTypes.StringType)).csv(LiteralPaths.of(files.paths()));
        List<Column> columns = new ArrayList<>();
        Arrays.stream(schema.fieldNames()).forEach(name -> columns.add(col(Columns.quoted(name))));
        Column malformed = col(CORRUPT).isNotNull();
        Column replaced = lit(false);
        for (StructField field : schema.fields()) {
            if (used(field.name())) {
                replaced = replaced.or(
                        coalesce(col(Columns.quoted(field.name())).contains(String.valueOf(REPLACEMENT)), lit(false)));
            }
        }
        columns.add(when(malformed, lit(RejectCode.MALFORMED_RECORD.name()))
                .when(replaced, lit(RejectCode.INVALID_UTF8.name()))
                .as(RawRows.CODE));
        columns.add(when(malformed, lit("The record does not have the " + schema.size() + " fields of the header"))
                .when(replaced, lit("The record holds U+FFFD, which stands for bytes that are not UTF-8"))
                .as(RawRows.MESSAGE));
        columns.add(col(CORRUPT).as(RawRows.RAW));
        columns.addAll(RawRows.placeInFile());
        return new RawRows(named(rows.select(columns.toArray(Column[]::new))), false);
    }

    private boolean used(String column) {
        return column.equals(options.textColumn())
                || column.equals(options.idColumn())
                || options.keepColumns().contains(column);
    }

    private RawRows columnar(SourceFiles files, String format) {
        List<Column> columns = new ArrayList<>(List.of(col("*")));
        columns.addAll(RawRows.noFault());
        columns.addAll(RawRows.placeInFile());
        DataFrameReader base = spark.read().format(format).option(FileCheck.VERIFY_PAGES, true);
        // directories keep the columns of their partitions; files that were chosen among them are named
        boolean chosen = options.limits().badFiles() == BadFiles.QUARANTINE;
        boolean ofOneDirectory = chosen
                && options.inputs().size() == 1
                && isDirectory(options.inputs().get(0));
        DataFrameReader reader =
                ofOneDirectory ? base.option("basePath", options.inputs().get(0)) : base;
        Dataset<Row> rows = schemaFound(
                options.inputs(),
                () -> chosen
                        ? reader.load(LiteralPaths.of(files.paths()))
                        : reader.load(options.inputs().toArray(String[]::new)));
        return new RawRows(rows.select(columns.toArray(Column[]::new)), false);
    }

    private boolean isDirectory(String input) {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(input);
        try {
            return path.getFileSystem(spark.sparkContext().hadoopConfiguration())
                    .getFileStatus(path)
                    .isDirectory();
        } catch (IOException e) {
            return false; // a glob
        }
    }

    /** What finds the schema reads some of the files, in tasks of its own. @param inputs for the message */
    private static <T> T schemaFound(List<String> inputs, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (Exception e) {
            if (!(e instanceof SparkException)) {
                throw e;
            }
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            throw new InputException(
                    "Cannot read " + String.join(", ", inputs) + ": " + root.getMessage()
                            + "; a file is damaged, cut off or not of the format its name says, replace it",
                    e);
        }
    }

    /** Columns {@code value} (binary) and the place of each line or file. */
    private Dataset<Row> lines(SourceFiles files, boolean wholeFiles) {
        if (sample != null) {
            return sample;
        }
        if (SmallTextFiles.are(files)) {
            return SmallTextFiles.read(
                    spark, files.paths(), wholeFiles, options.limits().keptBytes());
        }
        List<Column> columns =
                new ArrayList<>(List.of(col("value").cast("binary").as("value")));
        columns.addAll(RawRows.placeInFile());
        return spark.read()
                .option("wholetext", wholeFiles)
                .option(LineFileFormat.KEPT_BYTES, options.limits().keptBytes())
                .format(LineFileFormat.class.getName())
                .load(LiteralPaths.of(files.paths()))
                .select(columns.toArray(Column[]::new));
    }

    private Dataset<Row> named(Dataset<Row> rows) {
        JavaRDD<InternalRow> read = rows.queryExecution().toRdd().toJavaRDD().mapPartitions(new NamedFailures());
        return spark.internalCreateDataFrame(read.rdd(), rows.schema(), false);
    }

    private Dataset<Row> paragraphs(SourceFiles files) {
        if (sample != null) {
            return sample;
        }
        StructType schema = new StructType()
                .add("value", DataTypes.BinaryType)
                .add(RawRows.PATH, DataTypes.StringType)
                .add(RawRows.BLOCK, DataTypes.LongType);
        SerializableConfiguration conf =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        int kept = options.limits().keptBytes();
        JavaRDD<String> paths = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(files.paths(), Math.min(files.paths().size(), MAX_READERS));
        return spark.createDataset(paths.rdd(), Encoders.STRING())
                .flatMap(
                        (org.apache.spark.api.java.function.FlatMapFunction<String, Row>)
                                path -> new ParagraphReader(path, kept, conf.value()),
                        Encoders.row(schema))
                .withColumn(RawRows.SEQUENCE, lit(0L));
    }

    private static void addPlace(List<Column> columns) {
        columns.add(col(RawRows.PATH));
        columns.add(col(RawRows.BLOCK));
        columns.add(col(RawRows.SEQUENCE));
    }

    private static final String NOT_AN_OBJECT = "The line is not one JSON object";

    private static final String NAMELESS = "The line has no custom_id; expected a string";

    private static final String NOT_UTF8 =
            "The text is not UTF-8, or escapes half of a surrogate pair; convert the file to UTF-8";

    /** Whether a binary column is well-formed UTF-8; true for null. */
    static Column isUtf8(Column bytes) {
        UserDefinedFunction f = udf((UDF1<byte[], Boolean>) b -> b == null || Texts.isUtf8(b), DataTypes.BooleanType);
        return f.apply(bytes);
    }

    /** The bytes as text for people to look at, with U+FFFD where they are not UTF-8. */
    private static Column callLossy(Column bytes, int maxRowBytes) {
        UserDefinedFunction f = udf((UDF1<byte[], String>) b -> lossy(b, maxRowBytes), DataTypes.StringType);
        return f.apply(bytes);
    }

    private static Column isBlankLine(Column bytes) {
        UserDefinedFunction f = udf((UDF1<byte[], Boolean>) JsonLine::isBlank, DataTypes.BooleanType);
        return f.apply(bytes);
    }

    /** What the error table says of a line with this fault. */
    static String message(RejectCode fault, int maxRowBytes) {
        return switch (fault) {
            case INVALID_UTF8 -> NOT_UTF8;
            case TOO_LARGE -> tooLarge(maxRowBytes);
            default -> NOT_AN_OBJECT;
        };
    }

    private static String tooLarge(int maxRowBytes) {
        return "The row is longer than " + maxRowBytes + " bytes; split it, or set maxRowBytes";
    }

    /** What a reader found, for people to look at; of a row that is too long what the error table keeps of it. */
    static String lossy(byte[] bytes, int maxRowBytes) {
        int shown = bytes.length > maxRowBytes ? Math.min(bytes.length, SHOWN_BYTES) : bytes.length;
        return new String(bytes, 0, shown, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static Column callTextFault(Column bytes, int maxRowBytes) {
        UDF1<byte[], String> fault = b -> b.length > maxRowBytes
                ? RejectCode.TOO_LARGE.name()
                : Texts.isUtf8(b) ? null : RejectCode.INVALID_UTF8.name();
        return udf(fault, DataTypes.StringType).apply(bytes);
    }

    private static Column callJsonFault(Column bytes, int maxRowBytes) {
        UDF1<byte[], String> fault = b -> b.length > maxRowBytes ? RejectCode.TOO_LARGE.name() : jsonFault(b);
        UserDefinedFunction f = udf(fault, DataTypes.StringType);
        return f.apply(bytes);
    }

    @org.jspecify.annotations.Nullable
    private static String jsonFault(byte[] line) {
        if (!Texts.isUtf8(line) || JsonLine.hasLoneSurrogate(line)) {
            return RejectCode.INVALID_UTF8.name();
        }
        return JsonLine.isOneObject(line) ? null : RejectCode.MALFORMED_JSON.name();
    }

    /** Lets {@code .zst} files be read by every text format of this session. */
    static void registerCodecs(Configuration conf) {
        String key = "io.compression.codecs";
        String codecs = conf.get(key, "");
        if (!codecs.contains(ZstdCodec.class.getName())) {
            conf.set(key, codecs.isEmpty() ? ZstdCodec.class.getName() : codecs + "," + ZstdCodec.class.getName());
        }
    }
}

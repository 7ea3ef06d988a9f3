package io.textloom.spark.intake;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.textloom.table.Columns;
import io.textloom.text.RejectCode;
import io.textloom.text.Texts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Turns a source into documents: every row gets an id and a content hash, and what cannot be a document carries its reject code.
 *
 * <p>The content hash covers the text and the kept columns. With an id column the id is its value, and rows that repeat one are {@code DUPLICATE_ID}. Without one the id is the first 32 hexadecimal digits of
 * the text's SHA-256 and the occurrence number of that text, from 1, in the order of path and offset; so an id does not depend on how the input is cut.
 */
public final class Intake {
    public static final String ID = "__id";
    public static final String HASH = "__hash";
    public static final String TEXT = "__text";
    public static final String CODE = RawRows.CODE;
    public static final String MESSAGE = RawRows.MESSAGE;
    public static final String RAW = RawRows.RAW;

    /** Of the text's hash in an id; unit: hexadecimal digits */
    private static final int HASH_DIGITS = 32;

    private final SparkSession spark;
    private final IntakeOptions options;
    private final TaskSize taskSize;
    private @Nullable SourceFiles files;

    public Intake(SparkSession spark, IntakeOptions options) {
        this(spark, options, TaskSize.SMALL);
    }

    /** @param taskSize where the options do not say how many tasks there are */
    public Intake(SparkSession spark, IntakeOptions options, TaskSize taskSize) {
        this.spark = spark;
        this.options = options;
        this.taskSize = taskSize;
    }

    /**
     * Columns {@link #ID}, {@link #HASH}, {@link #TEXT} (null where rejected), {@link #CODE}, {@link #MESSAGE}, {@link #RAW}, then the kept columns. Looks at
     * the input as far as its schema needs; the rows are read later.
     *
     * @throws InputException if the input cannot be read
     * @throws IllegalArgumentException if a column does not exist
     */
    public Documents documents() {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        Sources.registerCodecs(conf);
        Sources sources = new Sources(spark, options);
        String query = query(conf);
        if (!query.isEmpty()) {
            Dataset<Row> rows = spark.sql(query);
            return identify(faced(sources.read(rows)), partitions(sizeOf(rows)));
        }
        SourceFiles listed = files(conf);
        return identify(faced(sound(sources, listed, conf)), partitions(uncompressedBytes(listed)));
    }

    /**
     * What the files are now; {@link #documents} then reads these. Empty for tables and queries, and for conditions that may give other rows of the same files.
     *
     * @throws InputException if the input cannot be listed
     */
    public Optional<InputFingerprint> fingerprint() {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        if (!query(conf).isEmpty() || !InputFingerprint.isRepeatable(options)) {
            return Optional.empty();
        }
        List<FileStatus> listed = SourceFiles.list(options.inputs(), conf);
        files = SourceFiles.of(listed, options.format());
        String timeZone = spark.sessionState().conf().sessionLocalTimeZone();
        return Optional.of(InputFingerprint.of(listed, files.format(), options, timeZone));
    }

    private SourceFiles files(Configuration conf) {
        if (files == null) {
            files = SourceFiles.resolve(options.inputs(), options.format(), conf);
        }
        return files;
    }

    /** The rows of all files, or, where that is asked for, of those that can be read to their end, and a rejected row for each of the others. */
    private RawRows sound(Sources sources, SourceFiles files, Configuration conf) {
        if (options.limits().badFiles() == BadFiles.FAIL) {
            return sources.read(files);
        }
        Map<String, String> damaged = FileCheck.damaged(spark, files);
        if (damaged.isEmpty()) {
            return sources.read(files);
        }
        SourceFiles sound = files.without(damaged.keySet());
        if (sound.paths().isEmpty()) {
            Map.Entry<String, String> first = damaged.entrySet().iterator().next();
            throw new InputException("None of the " + damaged.size() + " input files can be read; the first is "
                    + first.getKey() + ": " + first.getValue() + "; replace them");
        }
        return sources.read(sound).withDamaged(spark, damaged);
    }

    /**
     * The source's own columns, with every row, in the order of path and offset: a small table to be read whole.
     *
     * @throws InputException if the input cannot be read, or one of its rows cannot be parsed
     */
    public Dataset<Row> table() {
        RawRows raw = raw();
        Dataset<Row> faulty = raw.rows().filter(col(CODE).isNotNull()).limit(1);
        for (Row row : faulty.select(col(MESSAGE)).collectAsList()) {
            throw new InputException("The table " + String.join(", ", options.inputs())
                    + " has a row that cannot be read: " + row.get(0));
        }
        return raw.rows()
                .orderBy(RawRows.PATH, RawRows.BLOCK, RawRows.SEQUENCE)
                .select(raw.sourceColumns().stream()
                        .map(name -> col(Columns.quoted(name)))
                        .toArray(Column[]::new));
    }

    /**
     * Some rows of the input, spread over it. Of lines only the places that are looked at are read; tables are counted as well. The limit is not kept.
     *
     * @param rows of the sample, about
     * @param tasks that the documents are spread over
     * @throws InputException if the input cannot be read
     * @throws IllegalArgumentException if a column does not exist
     */
    public IntakeSample sample(int rows, int tasks) {
        return new Sampling(spark, options)
                .take(rows, query(spark.sparkContext().hadoopConfiguration()), tasks);
    }

    /** Names of the source's own columns. */
    public List<String> columns() {
        return raw().sourceColumns();
    }

    private RawRows raw() {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        Sources.registerCodecs(conf);
        Sources sources = new Sources(spark, options);
        String query = query(conf);
        return query.isEmpty() ? sources.read(files(conf)) : sources.read(spark.sql(query));
    }

    /** What stands for the text of rows that are known by several columns. */
    private Column keptJson(RawRows raw) {
        return to_json(struct(options.keepColumns().stream()
                .map(name -> raw.column(name, "generate.template"))
                .toArray(Column[]::new)));
    }

    /** The SQL of a {@code sql:} or catalog input; empty for files. */
    private String query(Configuration conf) {
        if (options.inputs().isEmpty()) {
            throw new IllegalArgumentException(
                    "No input given; set --input to a path, a glob, a table or sql:SELECT …");
        }
        String first = options.inputs().get(0);
        if (first.startsWith("sql:")) {
            return first.substring("sql:".length());
        }
        boolean tableName = first.matches("[A-Za-z_][\\w]*(\\.[A-Za-z_][\\w]*){0,2}");
        if (tableName && !SourceFiles.exists(first, conf) && spark.catalog().tableExists(first)) {
            return "SELECT * FROM " + first;
        }
        return "";
    }

    /** The rows with what is wrong with each, before ids: text, hash of the text, fault, what the reader said, place, kept columns. */
    Dataset<Row> faced(RawRows raw) {
        Column text = options.textColumn().isEmpty()
                ? keptJson(raw)
                : raw.column(options.textColumn(), "--text-column").cast("string");
        boolean ownId = !options.idColumn().isEmpty();
        Column givenId = ownId ? raw.column(options.idColumn(), "--id-column").cast("string") : lit(null);
        List<Column> kept = new ArrayList<>();
        for (String name : options.keepColumns()) {
            kept.add(raw.column(name, "--keep-columns, or the option that names it"));
        }
        Dataset<Row> rows = raw.where(options.where()).limit(options.limit()).rows();
        Column valid = raw.wellFormed() ? lit(true) : Sources.isUtf8(text.cast("binary"));
        Column blank = udf((UDF1<byte[], Boolean>) Texts::isBlank, DataTypes.BooleanType)
                .apply(text.cast("binary"));
        Column code = when(col(CODE).isNotNull(), col(CODE))
                .when(text.isNull(), lit(RejectCode.MISSING_TEXT.name()))
                .when(not(valid), lit(RejectCode.INVALID_UTF8.name()))
                .when(blank, lit(RejectCode.EMPTY_TEXT.name()));
        if (ownId) {
            code = code.when(givenId.isNull(), lit(RejectCode.MISSING_ID.name()));
        }
        Column content = coalesce(text, col(RAW), lit(""));
        List<Column> columns = new ArrayList<>(List.of(
                givenId.as("__given"),
                sha2(content.cast("binary"), 256).as("__text_hash"),
                text.as(TEXT),
                code.as("__fault"),
                col(MESSAGE),
                col(RAW),
                col(RawRows.PATH),
                col(RawRows.BLOCK),
                col(RawRows.SEQUENCE)));
        columns.addAll(kept);
        return rows.select(columns.toArray(Column[]::new));
    }

    /** @param seen as {@link #faced} gives it */
    Documents identify(Dataset<Row> seen, int partitions) {
        boolean ownId = !options.idColumn().isEmpty();
        TextSizes sizes = new TextSizes();
        spark.sparkContext().register(sizes);
        Dataset<Row> faced = seen.withColumn("__key", coalesce(col("__given"), idDigits(col("__text_hash"))))
                .filter(counting(sizes))
                .repartition(partitions, col("__key"))
                .sortWithinPartitions(
                        col("__key"),
                        col("__fault").isNull(),
                        col(RawRows.PATH),
                        col(RawRows.BLOCK),
                        col(RawRows.SEQUENCE));
        Column duplicate = col("__given")
                .isNotNull()
                .and(col("__fault").isNull())
                .and(col("__occurrence").gt(1));
        List<Column> result = new ArrayList<>(List.of(
                coalesce(col("__given"), concat(idDigits(col("__text_hash")), lit("-"), col("__occurrence")))
                        .as(ID),
                contentHash().as(HASH),
                when(col("__fault").isNull().and(not(duplicate)), col(TEXT)).as(TEXT),
                when(duplicate, lit(RejectCode.DUPLICATE_ID.name()))
                        .otherwise(col("__fault"))
                        .as(CODE),
                when(duplicate, lit("An earlier row has the same id"))
                        .otherwise(message())
                        .as(MESSAGE),
                when(col("__fault").isNotNull().or(duplicate), coalesce(col(RAW), col(TEXT)))
                        .as(RAW)));
        for (String name : options.keepColumns()) {
            result.add(col(Columns.quoted(name)));
        }
        Column key = ownId ? col(ID) : substring(col(ID), 1, HASH_DIGITS);
        Column[] selected = result.toArray(Column[]::new);
        StructField[] fields = faced.withColumn("__occurrence", lit(1))
                .select(selected)
                .schema()
                .fields();
        int own = fields.length - options.keepColumns().size();
        return new Documents(
                new StructType(Arrays.copyOfRange(fields, own, fields.length)),
                key,
                partitions,
                sizes,
                () -> counted(faced).select(selected));
    }

    /** True for every row; counts the sizes of sound texts before the shuffle, where they are looked at anyway. */
    private static Column counting(TextSizes sizes) {
        UDF1<Integer, Boolean> count = bytes -> {
            if (bytes != null) {
                sizes.add(bytes);
            }
            return true;
        };
        return udf(count, DataTypes.BooleanType)
                .asNondeterministic()
                .apply(when(col("__fault").isNull(), octet_length(col(TEXT))));
    }

    /** What is wrong with a faulty row: what the reader said, or what its code says. */
    private Column message() {
        return coalesce(
                col(MESSAGE),
                when(
                                col("__fault").equalTo(RejectCode.MISSING_TEXT.name()),
                                lit("The column " + options.textColumn() + " is null or absent"))
                        .when(col("__fault").equalTo(RejectCode.INVALID_UTF8.name()), lit("The text is not UTF-8"))
                        .when(
                                col("__fault").equalTo(RejectCode.EMPTY_TEXT.name()),
                                lit("The text is empty or only white space"))
                        .when(
                                col("__fault").equalTo(RejectCode.MISSING_ID.name()),
                                lit("The column " + options.idColumn() + " is null or absent")));
    }

    /** The beginning of a hash; over bytes, because Spark counts a string's characters each time. */
    private static Column idDigits(Column hash) {
        return substring(hash.cast("binary"), 1, HASH_DIGITS).cast("string");
    }

    /** The rows with their occurrence numbers. A window would do the same and copy every row once more. */
    private Dataset<Row> counted(Dataset<Row> sorted) {
        StructType schema = sorted.schema();
        JavaRDD<InternalRow> rows = sorted.queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(new Occurrences(schema.fieldIndex("__key"), schema.fieldIndex("__fault")));
        return spark.internalCreateDataFrame(
                rows.rdd(), schema.add("__occurrence", DataTypes.IntegerType, false), false);
    }

    /** What makes a row a changed one: its text and its kept columns. */
    private Column contentHash() {
        if (options.keepColumns().isEmpty()) {
            return col("__text_hash");
        }
        Column kept = to_json(struct(options.keepColumns().stream()
                .map(name -> col(Columns.quoted(name)))
                .toArray(Column[]::new)));
        return sha2(concat(col("__text_hash"), kept).cast("binary"), 256);
    }

    /** What Spark's plan guesses; unit: bytes. */
    private static long sizeOf(Dataset<Row> rows) {
        scala.math.BigInt bytes = rows.queryExecution().optimizedPlan().stats().sizeInBytes();
        return bytes.isValidLong() ? bytes.toLong() : Long.MAX_VALUE;
    }

    private int partitions(long bytes) {
        if (options.partitions() > 0) {
            return options.partitions();
        }
        return taskSize.tasks(bytes, spark.sparkContext().defaultParallelism());
    }

    /** A guess for compressed files; text shrinks to about a third. */
    private static long uncompressedBytes(SourceFiles files) {
        boolean compressed = files.paths().stream().anyMatch(p -> p.matches(".*\\.(gz|bz2|zst)$"))
                || files.format() == InputFormat.PARQUET
                || files.format() == InputFormat.ORC;
        return compressed ? files.bytes() * 3 : files.bytes();
    }
}

package io.textloom.spark.intake;

import static org.apache.spark.sql.functions.col;

import io.textloom.spark.intake.IntakeSample.Text;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.PartitionPruningRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Function1;

/** Takes the sample of an input: of lines by their bytes, of tables by their partitions. */
final class Sampling {
    private static final StructType LINES = new StructType()
            .add("value", DataTypes.BinaryType)
            .add(RawRows.PATH, DataTypes.StringType)
            .add(RawRows.BLOCK, DataTypes.LongType)
            .add(RawRows.SEQUENCE, DataTypes.LongType);

    /** Partitions of a table that are looked into. */
    private static final int MOST_PARTITIONS = 32;
    /** Of a table's partition one row in so many is taken, as neighbours are alike. */
    private static final int STRIDE = 4;

    private final SparkSession spark;
    private final IntakeOptions options;

    Sampling(SparkSession spark, IntakeOptions options) {
        this.spark = spark;
        this.options = new IntakeOptions(
                options.inputs(),
                options.format(),
                options.documents(),
                options.textColumn(),
                options.idColumn(),
                options.duplicateIds(),
                options.keepColumns(),
                options.where(),
                0,
                options.partitions(),
                options.limits());
    }

    /** @param query of the input; empty for files */
    IntakeSample take(int rows, String query, int tasks) {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        Sources.registerCodecs(conf);
        if (!query.isEmpty()) {
            RawRows raw = new Sources(spark, options).read(spark.sql(query));
            return table(raw, rows, tasks, 0, 0, "");
        }
        Map<String, Long> sizes = SourceFiles.sizes(options.inputs(), conf);
        SourceFiles files = SourceFiles.resolve(options.inputs(), options.format(), conf);
        String format = files.format().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return switch (files.format()) {
            case TEXT, JSONL, OPENAI_BATCH -> lines(files, sizes, format, rows, tasks, conf);
            case CSV, PARQUET, ORC ->
                table(
                        new Sources(spark, options).read(files),
                        rows,
                        tasks,
                        files.paths().size(),
                        files.bytes(),
                        format);
            case AUTO -> throw new IllegalStateException("format not resolved");
        };
    }

    private IntakeSample lines(
            SourceFiles files, Map<String, Long> sizes, String format, int rows, int tasks, Configuration conf) {
        boolean text = files.format() == InputFormat.TEXT;
        DocumentUnit unit = text ? options.documents() : DocumentUnit.LINE;
        LineProbes sample = LineProbes.of(sizes, unit, rows, conf);
        Dataset<Row> lines = spark.createDataFrame(sample.rows(), LINES);
        boolean whole = unit == DocumentUnit.FILE;
        return sample(
                new Sources(spark, options, lines).read(files),
                tasks,
                files.paths().size(),
                files.bytes(),
                format,
                whole ? "files" : "bytes",
                whole ? sizes.size() : files.bytes(),
                sample.probes());
    }

    private IntakeSample table(RawRows raw, int rows, int tasks, int files, long bytes, String format) {
        Dataset<Row> all = raw.where(options.where()).rows();
        long total = all.count();
        int partitions = all.rdd().getNumPartitions();
        int places = Math.max(1, Math.min(MOST_PARTITIONS, partitions));
        boolean whole = total <= rows;
        BitSet chosen = new BitSet();
        for (int i = 0; i < places; i++) {
            chosen.set((int) ((i + 0.5) * partitions / places));
        }
        if (whole) {
            chosen.set(0, Math.max(1, partitions));
        }
        int most = whole ? Integer.MAX_VALUE : (rows + places - 1) / places;
        JavaRDD<Row> pruned = PartitionPruningRDD.create(
                        all.rdd(), (Function1<Object, Object> & Serializable) i -> chosen.get((Integer) i))
                .toJavaRDD();
        List<List<Row>> taken =
                pruned.mapPartitions(new Thinned(most, whole ? 1 : STRIDE)).collect();
        int block = all.schema().fieldIndex(RawRows.BLOCK);
        List<Row> kept = new ArrayList<>();
        List<Probe> probes = new ArrayList<>();
        for (List<Row> part : taken) {
            for (Row row : part) {
                Object[] values = new Object[row.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = i == block ? (Object) (long) probes.size() : row.get(i);
                }
                kept.add(RowFactory.create(values));
            }
            probes.add(new Probe(part.size(), part.size(), part.size()));
        }
        Dataset<Row> local = spark.createDataFrame(kept, all.schema());
        return sample(new RawRows(local, raw.wellFormed()), tasks, files, bytes, format, "rows", total, probes);
    }

    private IntakeSample sample(
            RawRows raw,
            int tasks,
            int files,
            long bytes,
            String format,
            String unit,
            double size,
            List<Probe> probes) {
        Intake intake = new Intake(spark, options);
        Dataset<Row> faced = intake.faced(raw);
        List<Text> texts = new ArrayList<>();
        for (Row row : faced.select(col(RawRows.BLOCK), col(Intake.TEXT), col("__fault"))
                .collectAsList()) {
            boolean sound = row.isNullAt(2);
            texts.add(new Text(
                    (int) row.getLong(0),
                    sound && !row.isNullAt(1) ? row.getString(1) : null,
                    sound ? "" : row.getString(2)));
        }
        return new IntakeSample(files, bytes, format, unit, size, probes, texts, intake.identify(faced, tasks));
    }

    /** The first rows of a partition, one in every so many where there are enough of them. Travels to executors. */
    private record Thinned(int most, int stride)
            implements org.apache.spark.api.java.function.FlatMapFunction<Iterator<Row>, List<Row>> {
        @Override
        public Iterator<List<Row>> call(Iterator<Row> rows) {
            List<Row> seen = new ArrayList<>();
            while (rows.hasNext() && seen.size() < (long) most * stride) {
                seen.add(rows.next());
            }
            int step = seen.size() >= (long) most * stride ? stride : Math.max(1, seen.size() / Math.max(1, most));
            List<Row> kept = new ArrayList<>();
            for (int i = 0; i < seen.size() && kept.size() < most; i += step) {
                kept.add(seen.get(i));
            }
            return List.of(kept).iterator();
        }
    }
}

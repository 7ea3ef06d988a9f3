package io.textloom.spark.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.Intake;
import io.textloom.token.train.CountedWords;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/**
 * The distinct words of a corpus, counted in parallel and brought to the driver in the order of their bytes, a partition at a time. The result does not depend on how the
 * corpus is cut.
 *
 * @param rowsIn rows read
 * @param rejectedByCode rows that are no documents
 * @param textBytes length of the documents; unit: bytes of UTF-8
 * @param wordsLeftOut occurrences of words longer than the limit
 * @param rareWords occurrences of words rarer than the limit, which are not among {@code words}
 */
public record WordCounts(
        CountedWords words,
        long rowsIn,
        SortedMap<String, Long> rejectedByCode,
        long textBytes,
        long wordsLeftOut,
        long rareWords) {
    static final String ROWS_IN = "rowsIn";
    static final String TEXT_BYTES = "textBytes";
    static final String WORDS_LEFT_OUT = "wordsLeftOut";
    static final String REJECTED = "rejected:";
    static final String RARE_WORDS = "rareWords";

    private static final String WORD = "word";
    private static final String COUNT = "count";
    private static final StructType SCHEMA =
            new StructType().add(WORD, DataTypes.BinaryType, false).add(COUNT, DataTypes.LongType, false);

    public WordCounts {
        rejectedByCode = Collections.unmodifiableSortedMap(new TreeMap<>(rejectedByCode));
    }

    public long rowsRejected() {
        return rejectedByCode.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * @param maxWordBytes longer words are left out; unit: bytes of UTF-8
     * @param minCount rarer words are counted together; unit: occurrences
     * @param rowsDone goes up as rows are read
     */
    public static WordCounts of(
            SparkSession spark,
            Documents documents,
            SplitterSource splitters,
            int maxWordBytes,
            long minCount,
            LongAccumulator rowsDone) {
        JavaRDD<Row> counted = documents
                .rows()
                .select(col(Intake.TEXT), col(Intake.CODE))
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(new CountTask(splitters, maxWordBytes, rowsDone));
        Dataset<Row> words = spark.createDataFrame(counted, SCHEMA)
                .groupBy(WORD)
                .agg(sum(COUNT).as(COUNT));
        if (minCount > 1) {
            Column rare =
                    col(COUNT).lt(minCount).and(substring(col(WORD), 1, 1).notEqual(new byte[] {CountTask.TALLY}));
            words = words.groupBy(when(rare, CountTask.keyOf(RARE_WORDS))
                            .otherwise(col(WORD))
                            .as(WORD))
                    .agg(sum(COUNT).as(COUNT));
        }
        return collect(words.sort(WORD).toLocalIterator());
    }

    /** @param rows ascending; the tallies come last, as their first byte is the greatest there is */
    private static WordCounts collect(Iterator<Row> rows) {
        CountedWords.Builder words = new CountedWords.Builder();
        SortedMap<String, Long> tallies = new TreeMap<>();
        SortedMap<String, Long> rejected = new TreeMap<>();
        while (rows.hasNext()) {
            Row row = rows.next();
            byte[] word = row.getAs(WORD);
            long count = row.getLong(1);
            if (word.length == 0 || word[0] != CountTask.TALLY) {
                words.add(word, count);
                continue;
            }
            String name = new String(word, 1, word.length - 1, StandardCharsets.UTF_8);
            if (name.startsWith(REJECTED)) {
                rejected.put(name.substring(REJECTED.length()), count);
            } else {
                tallies.put(name, count);
            }
        }
        return new WordCounts(
                words.build(),
                tallies.getOrDefault(ROWS_IN, 0L),
                rejected,
                tallies.getOrDefault(TEXT_BYTES, 0L),
                tallies.getOrDefault(WORDS_LEFT_OUT, 0L),
                tallies.getOrDefault(RARE_WORDS, 0L));
    }
}

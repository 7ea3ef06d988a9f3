package io.textloom.spark.commit;

import com.esotericsoftware.kryo.DefaultSerializer;
import com.esotericsoftware.kryo.serializers.JavaSerializer;
import io.textloom.spark.stage.Meter;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one task wrote to staging. Travels to the driver as a task result, by Kryo where a session is set so, which cannot write records by itself. The report of the attempt that won is all that counts; other attempts leave files that are deleted.
 *
 * @param rowsRead input rows this task saw
 * @param rowsSkipped of these, rows the ledger has as done
 * @param duplicatesDropped of these, rows dropped because their id was seen before and the policy is to keep the first
 * @param documentsOut of these, rows that ended in the output
 * @param rowsReplaced of {@code rowsRead}, rows that take the place of an older outcome of their id
 * @param rejectedByCode of these, rows that ended in the error table; a {@link TreeMap} so that it travels
 */
@DefaultSerializer(JavaSerializer.class)
public record TaskReport(
        int partition,
        long attempt,
        List<StagedFile> files,
        long rowsRead,
        long rowsSkipped,
        long duplicatesDropped,
        long documentsOut,
        long rowsReplaced,
        TreeMap<String, Long> rejectedByCode,
        Meter meter)
        implements Serializable {
    public TaskReport {
        files = List.copyOf(files);
        long rejected =
                rejectedByCode.values().stream().mapToLong(Long::longValue).sum();
        if (rowsRead != rowsSkipped + duplicatesDropped + documentsOut + rejected) {
            throw new IllegalStateException("Partition " + partition + " read " + rowsRead + " rows but accounts for "
                    + rowsSkipped + " done before, " + duplicatesDropped + " dropped duplicates, " + documentsOut
                    + " in the output and " + rejected + " rejected; nothing is committed");
        }
    }

    /** The same with other files. */
    TaskReport withFiles(List<StagedFile> other) {
        return new TaskReport(
                partition,
                attempt,
                other,
                rowsRead,
                rowsSkipped,
                duplicatesDropped,
                documentsOut,
                rowsReplaced,
                rejectedByCode,
                meter);
    }

    /** What a file holds. */
    public enum Kind {
        ROWS,
        ERRORS,
        LEDGER,
        /** Rows and errors once more, as answers in OpenAI's form. */
        LINES,
        /** Entries of ids that the input no longer has; in staging alone. */
        VANISHED
    }

    /**
     * @param name file name in the staging directory of the run
     * @param directory partition directory below the table, such as {@code lang=en}; empty for none
     * @param tokens of a file of rows; 0 where the stage does not count them
     */
    @DefaultSerializer(JavaSerializer.class)
    public record StagedFile(Kind kind, String name, String directory, long rows, long tokens)
            implements Serializable {}

    static void count(Map<String, Long> counts, String code) {
        counts.merge(code, 1L, Long::sum);
    }
}

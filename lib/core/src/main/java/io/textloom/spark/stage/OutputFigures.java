package io.textloom.spark.stage;

import java.util.SortedMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What a job says of all its output together, such as the perplexity of a corpus. */
public interface OutputFigures {
    /**
     * @param rows of all runs, with the columns of the output's files
     * @return name, as in the manifest → number; finite ones only
     */
    SortedMap<String, Double> of(Dataset<Row> rows);
}

package io.textloom.spark.stage;

import io.textloom.embed.EmbedOptions;
import io.textloom.embed.EmbedOutcome;
import io.textloom.embed.EmbedStats;
import io.textloom.embed.Embedder;
import io.textloom.embed.EmbeddingModel;
import io.textloom.model.ModelRef;
import io.textloom.prompt.ExampleTable;
import io.textloom.runtime.Device;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A table of examples and, where nearness chooses among them, a vector of each; goes to every executor once. */
public final class Examples implements Serializable {
    private static final long serialVersionUID = 1;

    private final ExampleTable table;
    /** float[rows * dimensions], row-major, of length 1 each; empty without a model */
    private final float[] vectors;

    private Examples(ExampleTable table, float[] vectors) {
        this.table = table;
        this.vectors = vectors;
    }

    /**
     * Reads the table.
     *
     * @param rows in the order of its files
     * @throws IllegalArgumentException if it is empty or too large, or a column has a type that templates cannot read
     */
    public static Examples read(Dataset<Row> rows) {
        StructType schema = rows.schema();
        for (StructField field : schema.fields()) {
            RowValues.requireReadable(field);
        }
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        Dataset<Row> some = rows.limit(ExampleTable.MAX_ROWS + 1);
        for (InternalRow row : some.queryExecution().executedPlan().executeCollect()) {
            all.add(RowValues.struct(row, 0, schema));
        }
        return new Examples(new ExampleTable(Arrays.asList(schema.fieldNames()), all), new float[0]);
    }

    public ExampleTable table() {
        return table;
    }

    /** The same with vectors of some columns' texts. */
    public Examples embedded(ModelRef model, List<String> columns, Configuration conf) {
        List<String> texts = new ArrayList<>(table.size());
        for (int i = 0; i < table.size(); i++) {
            texts.add(text(table.row(i), columns));
        }
        try (ExecutorModels.Lease<EmbeddingModel> lease =
                        ModelLeases.embedding(model, EmbedOptions.defaults(), Device.CPU, conf);
                Embedder embedder = new Embedder(lease.model())) {
            List<EmbedOutcome> outcomes = embedder.embed(texts, new EmbedStats());
            float[] first = vector(outcomes.get(0));
            float[] all = new float[first.length * outcomes.size()];
            for (int i = 0; i < outcomes.size(); i++) {
                System.arraycopy(vector(outcomes.get(i)), 0, all, i * first.length, first.length);
            }
            return new Examples(table, all);
        }
    }

    private static String text(Map<String, @Nullable Object> row, List<String> columns) {
        StringBuilder text = new StringBuilder();
        for (String column : columns) {
            text.append(text.isEmpty() ? "" : "\n").append(row.get(column));
        }
        return text.toString();
    }

    /** Of a text's first window, scaled to length 1. */
    static float[] vector(EmbedOutcome outcome) {
        if (!(outcome instanceof EmbedOutcome.Embedded embedded)) {
            throw new IllegalArgumentException(
                    "generate.examples holds a text that generate.exampleModel cannot embed: "
                            + ((EmbedOutcome.Rejected) outcome).rejection().message());
        }
        float[] vector = embedded.chunks().get(0).vector().clone();
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        float scale = squares == 0 ? 0 : (float) (1 / Math.sqrt(squares));
        for (int i = 0; i < vector.length; i++) {
            vector[i] *= scale;
        }
        return vector;
    }

    /** @param vector of length 1 */
    double cosine(int example, float[] vector) {
        double sum = 0;
        for (int i = 0, at = example * vector.length; i < vector.length; i++, at++) {
            sum += (double) vectors[at] * vector[i];
        }
        return sum;
    }
}

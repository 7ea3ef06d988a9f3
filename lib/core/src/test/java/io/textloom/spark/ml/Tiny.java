package io.textloom.spark.ml;

import io.textloom.spark.LocalSpark;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Small models with random weights and a few texts, for tests of what is around a model. */
final class Tiny {
    /** Width of the encoders' vectors. */
    static final int HIDDEN = 32;

    /** Longest window of the models; unit: tokens */
    static final int WINDOW = 64;

    private Tiny() {}

    /** @param task one of the folders of golden/classify */
    static String model(String task) {
        try {
            return Path.of(Tiny.class.getResource("/golden/classify/" + task).toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rows (id, text) in some partitions. */
    static Dataset<Row> texts(int partitions, String... texts) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            rows.add(RowFactory.create((long) i, texts[i]));
        }
        StructType schema =
                new StructType().add("id", DataTypes.LongType, false).add("text", DataTypes.StringType, true);
        return LocalSpark.session().createDataFrame(rows, schema).repartition(partitions);
    }

    /** Different texts, some longer than the window. */
    static String[] mixed(int count) {
        String[] words = "the ferry to Naxos leaves at seven says captain Petros while nobody answered".split(" ");
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int w = 0; w < (i % 9 == 0 ? 90 : 3 + i % 7); w++) {
                text.append(words[(i * 7 + w * (1 + i % 5)) % words.length]).append(' ');
            }
            texts[i] = text.append(i).toString();
        }
        return texts;
    }
}

package io.textloom.bench.sparknlp;

import com.johnsnowlabs.nlp.embeddings.E5Embeddings;
import io.textloom.bench.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Turns a folder with {@code model.onnx} and {@code assets/vocab.txt} into a saved Spark NLP model, once and untimed. */
public final class SparkNlpModel {
    private SparkNlpModel() {}

    public static void main(String[] arguments) throws IOException {
        Options options = Options.parse(arguments);
        try (SparkSession spark = SparkNlp.open(Map.of())) {
            E5Embeddings model =
                    E5Embeddings.loadSavedModel(options.path("folder").toString(), spark, false);
            model.setInputCols(new String[] {SparkNlp.DOCUMENT});
            model.setOutputCol(SparkNlp.VECTORS);
            Path saved = options.path("model");
            model.write().overwrite().save(saved.toString());
        }
    }
}

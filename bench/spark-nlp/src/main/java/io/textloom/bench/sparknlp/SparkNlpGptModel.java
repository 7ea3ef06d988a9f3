package io.textloom.bench.sparknlp;

import com.johnsnowlabs.nlp.annotators.seq2seq.GPT2Transformer;
import io.textloom.bench.Options;
import java.io.IOException;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Turns a folder with {@code model.onnx}, {@code assets/vocab.txt} and {@code assets/merges.txt} into a saved Spark NLP model, once and untimed. */
public final class SparkNlpGptModel {
    private SparkNlpGptModel() {}

    public static void main(String[] arguments) throws IOException {
        Options options = Options.parse(arguments);
        try (SparkSession spark = SparkNlp.open(Map.of())) {
            GPT2Transformer model =
                    GPT2Transformer.loadSavedModel(options.path("folder").toString(), spark);
            model.setInputCols(new String[] {SparkNlp.DOCUMENT});
            model.setOutputCol("generation");
            model.write().overwrite().save(options.path("model").toString());
        }
    }
}

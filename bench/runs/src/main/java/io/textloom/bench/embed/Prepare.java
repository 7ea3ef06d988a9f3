package io.textloom.bench.embed;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.bench.BenchText;
import io.textloom.bench.Json;
import io.textloom.bench.Options;
import io.textloom.bench.side.Prose;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelRef;
import io.textloom.model.ModelStore;
import io.textloom.runtime.OnnxImport;
import io.textloom.token.Tokenizer;
import io.textloom.token.Tokenizers;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Untimed: makes the texts, brings Textloom's model to this machine as a folder for all, and lays out the same weights as Spark NLP imports them. */
final class Prepare {
    static final String MODEL = "all-MiniLM-L6-v2";
    private static final String ONNX = "all-minilm-l6-v2.onnx";

    private Prepare() {}

    public static void main(String[] arguments) throws IOException {
        Options options = Options.parse(arguments);
        ModelStore store = OnnxImport.store();
        Configuration hadoop = new Configuration();
        ModelRef ref = store.resolve(MODEL, hadoop);
        ModelFolder folder = store.localise(ref, hadoop);
        int count = options.integer("count", 0);
        List<BenchText> texts;
        try (Tokenizer tokenizer = Tokenizers.open(folder.tokenizer())) {
            int special = tokenizer.specialTokens().count();
            texts = TextRecipe.make(
                    Prose.words(options.path("texts")),
                    count,
                    options.integer("seed", 0),
                    text -> tokenizer.encode(text).length + special);
        }
        List<BenchText> first = texts.subList(0, Math.min(texts.size(), options.integer("defaults-count", count)));
        BenchText.write(options.path("output"), texts);
        BenchText.write(options.path("defaults-output"), first);
        Json.write(options.path("figures"), Prepared.of(texts, first, folder.encoderSpec()::flops));
        Files.createSymbolicLink(options.path("folder"), folder.path());
        layOut(folder, options.path("spark-nlp-folder"));
    }

    /** {@code model.onnx} as it was exported, and the vocabulary one piece a line. */
    private static void layOut(ModelFolder folder, Path target) throws IOException {
        Files.createDirectories(target.resolve("assets"));
        try (InputStream in = Prepare.class.getClassLoader().getResourceAsStream(ONNX)) {
            if (in == null) {
                throw new FileNotFoundException("The class path has no " + ONNX);
            }
            Files.copy(in, target.resolve("model.onnx"), StandardCopyOption.REPLACE_EXISTING);
        }
        JsonNode vocabulary =
                Json.MAPPER.readTree(folder.tokenizer().toFile()).path("model").path("vocab");
        String[] pieces = new String[vocabulary.size()];
        vocabulary.properties().forEach(piece -> pieces[piece.getValue().asInt()] = piece.getKey());
        Files.write(target.resolve("assets/vocab.txt"), new ArrayList<>(Arrays.asList(pieces)));
    }
}

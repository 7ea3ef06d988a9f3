package io.textloom.classify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.model.ModelFolder;
import io.textloom.runtime.EncoderStats;
import io.textloom.token.Tokenizers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A folder below golden/classify with what the pipelines of transformers make of texts; see classify_goldens.py. */
record GoldenRows(Path folder, List<JsonNode> rows) {
    /** Of scores. */
    static final float TOLERANCE = 1e-4f;

    static GoldenRows read(String task) {
        try {
            Path folder = Path.of(
                    GoldenRows.class.getResource("/golden/classify/" + task).toURI());
            List<JsonNode> rows = new ArrayList<>();
            for (String line : Files.readAllLines(folder.resolve("expected.jsonl"))) {
                rows.add(new ObjectMapper().readTree(line));
            }
            return new GoldenRows(folder, rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    ClassifyingModel open(ClassifyOptions options) {
        ModelFolder model = ModelFolder.open(folder);
        return ClassifyingModel.open(model, options, Tokenizers.open(model.tokenizer()));
    }

    /** The texts of a field, with those of another beside them unless that is empty. */
    List<TextPair> texts(String text, String other) {
        return rows.stream()
                .map(row -> other.isEmpty()
                        ? TextPair.of(row.get(text).asText())
                        : new TextPair(
                                row.get(text).asText(),
                                Optional.of(row.get(other).asText())))
                .toList();
    }

    /** What is found in all texts, in one go. */
    static List<Finding> findings(ClassifyingModel model, List<TextPair> texts) {
        try (Classifier classifier = new Classifier(model)) {
            return classifier.classify(texts, new EncoderStats()).stream()
                    .map(outcome -> ((ClassifyOutcome.Classified) outcome).finding())
                    .toList();
        }
    }
}

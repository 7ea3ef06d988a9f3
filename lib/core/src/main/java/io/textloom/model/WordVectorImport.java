package io.textloom.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.token.train.WordLevelFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Makes a model's folder of a file of word vectors. */
final class WordVectorImport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> words = new ArrayList<>();
    private boolean capitals;

    /** @param folder written to; config.json last */
    void write(WordVectorReader reader, FileSystem fs, Path folder) throws IOException {
        int count = reader.words();
        Set<String> seen = new HashSet<>();
        requireRoom(count, 0);
        long[] bytes = {0};
        try (OutputStream out = create(fs, folder, "model.safetensors")) {
            Safetensors.writeMatrix(
                    out,
                    WordVectorSpec.VECTORS,
                    count + 1,
                    reader.dimensions(),
                    row -> {
                        if (words.size() == count) {
                            Arrays.fill(row, 0);
                            return;
                        }
                        String word = reader.next();
                        if (!seen.add(word) || word.equals(WordLevelFile.UNKNOWN)) {
                            throw new ModelException("The word " + word + " stands twice among the vectors, or means"
                                    + " unknown words here; take one of its lines out");
                        }
                        capitals |= word.codePoints().anyMatch(Character::isUpperCase);
                        words.add(word);
                        bytes[0] += word.getBytes(StandardCharsets.UTF_8).length;
                        System.arraycopy(reader.vector(), 0, row, 0, row.length);
                    },
                    Map.of("format", "pt"));
        }
        requireRoom(count, bytes[0]);
        try (OutputStream out = create(fs, folder, "tokenizer.json")) {
            WordLevelFile.write(out, count, words::get, !capitals);
        }
        ObjectNode config = JSON.createObjectNode();
        config.put("model_type", WordVectorSpec.MODEL_TYPE);
        config.putArray("architectures").add("Word2Vec");
        config.put("hidden_size", reader.dimensions());
        config.put("num_words", count);
        config.put("vocab_size", count + 1);
        config.put("lowercase", !capitals);
        config.put("torch_dtype", "float32");
        try (OutputStream out = create(fs, folder, "config.json")) {
            out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config));
        }
    }

    private static void requireRoom(long words, long bytes) {
        try {
            WordLevelFile.requireRoom(words, bytes);
        } catch (IllegalArgumentException e) {
            throw new ModelException(
                    "The file cannot be served: " + e.getMessage()
                            + "; keep its most frequent words alone, which stand first in such files",
                    e);
        }
    }

    private static OutputStream create(FileSystem fs, Path folder, String name) throws IOException {
        return new BufferedOutputStream(fs.create(new Path(folder, name), false), 1 << 16);
    }
}

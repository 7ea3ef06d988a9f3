package io.textloom.spark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.runtime.RandomGpt2;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An untrained GPT-2 with the storyteller's tokenizer, small enough for many tokens in a test. */
public final class TinyGpt {
    public static final int POSITIONS = 256;

    private static final Path STORYTELLER = Path.of("../../models/storyteller");
    private static final int VOCABULARY = 4096;
    private static final int BYTES = 256;
    /** One token of so many ends a text, so that texts have ragged lengths. */
    private static final int END_EVERY = 80;

    private TinyGpt() {}

    /** Writes the folder. */
    public static Path write(Path folder) throws IOException {
        weights(folder, VOCABULARY, 0, END_EVERY);
        for (String file : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            Files.copy(STORYTELLER.resolve(file), folder.resolve(file));
        }
        return folder;
    }

    /** Writes a folder whose tokens are the single bytes, and one that ends a character and begins the next: the bytes 90 E7. */
    public static Path writeOfBytes(Path folder) throws IOException {
        weights(folder, BYTES + 2, BYTES + 1, 1);
        ObjectNode tokenizer = new ObjectMapper().createObjectNode().put("version", "1.0");
        tokenizer
                .putArray("added_tokens")
                .addObject()
                .put("id", BYTES + 1)
                .put("content", "<|endoftext|>")
                .put("special", true)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false);
        for (String part : new String[] {"pre_tokenizer", "decoder"}) {
            tokenizer
                    .putObject(part)
                    .put("type", "ByteLevel")
                    .put("add_prefix_space", false)
                    .put("trim_offsets", true)
                    .put("use_regex", false);
        }
        ObjectNode model = tokenizer.putObject("model").put("type", "BPE");
        ObjectNode vocabulary = model.putObject("vocab");
        for (int b = 0; b < BYTES; b++) {
            vocabulary.put(spelling(b), b);
        }
        vocabulary.put(spelling(0x90) + spelling(0xe7), BYTES);
        model.putArray("merges").add(spelling(0x90) + " " + spelling(0xe7));
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer.toString());
        return folder;
    }

    /** As byte-level vocabularies write a byte: itself where it is a visible character of Latin-1, else one from U+0100 on. */
    private static String spelling(int b) {
        int shift = 0;
        for (int other = 0; other < b; other++) {
            shift += isVisible(other) ? 0 : 1;
        }
        return Character.toString(isVisible(b) ? b : 0x100 + shift);
    }

    private static boolean isVisible(int b) {
        return b > 0x20 && b < 0x7f || b > 0xa0 && b != 0xad;
    }

    private static void weights(Path folder, int vocabulary, int firstEnd, int endEvery) throws IOException {
        RandomGpt2 shape = new RandomGpt2(64, 2, 2, POSITIONS, vocabulary, true, "transformer.", 7);
        shape.write(folder);
        ObjectNode config = shape.config();
        ArrayNode end = config.putArray("eos_token_id");
        for (int id = firstEnd; id < vocabulary; id += endEvery) {
            end.add(id);
        }
        Files.writeString(folder.resolve("config.json"), config.toString());
    }
}

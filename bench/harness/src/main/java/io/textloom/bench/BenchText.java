package io.textloom.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One text of a benchmark; a file of them holds one JSON object a line.
 *
 * @param tokens of the model's own tokenizer, special tokens included; unit: tokens
 */
public record BenchText(String id, String text, int tokens) {
    public static void write(Path file, List<BenchText> texts) throws IOException {
        JsonLines.write(file, texts);
    }

    public static List<BenchText> read(Path file) throws IOException {
        return JsonLines.read(file, BenchText.class);
    }
}

package io.textloom.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One prompt of a benchmark; a file of them holds one JSON object a line.
 *
 * @param tokens of the text, without special tokens; unit: tokens
 * @param newTokens that its completion has, no more and no fewer; unit: tokens
 */
public record BenchPrompt(
        String id,
        String text,
        int tokens,
        @JsonProperty(BenchPrompt.LIMIT) int newTokens) {
    /** The column of {@code newTokens}. */
    public static final String LIMIT = "max_new_tokens";

    public static void write(Path file, List<BenchPrompt> prompts) throws IOException {
        JsonLines.write(file, prompts);
    }

    public static List<BenchPrompt> read(Path file) throws IOException {
        return JsonLines.read(file, BenchPrompt.class);
    }

    /** The first of a file's prompts; all of them if {@code limit} is 0. */
    public static List<BenchPrompt> first(Path file, int limit) throws IOException {
        List<BenchPrompt> prompts = read(file);
        return limit == 0 ? prompts : prompts.subList(0, Math.min(limit, prompts.size()));
    }
}

package io.textloom.bench.chaos;

import java.util.List;

/** What is run, and over how many rows so that one pass takes some seconds on two cores. */
enum Job {
    TOKENIZE(20_000, 12, List.of("tokenize")),
    EMBED(1_500, 8, List.of("embed")),
    GENERATE(150, 8, List.of("generate", "--max-new-tokens", "12", "--temperature", "0.8", "--seed", "7"));

    final int rows;
    /** Of a text, on average. */
    final int words;

    final List<String> arguments;

    Job(int rows, int words, List<String> arguments) {
        this.rows = rows;
        this.words = words;
        this.arguments = arguments;
    }
}

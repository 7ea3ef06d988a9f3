package io.textloom.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Inputs that are mutated: the seeds in the repository, then those that had an outcome nobody had before. */
final class Corpus {
    private static final int MAX_ADDED = 3000;
    private static final Path SEEDS = Path.of("src/test/resources/fuzz");

    private final List<byte[]> inputs = new ArrayList<>();
    private final Set<Long> signatures = new HashSet<>();
    private final int seeds;

    private Corpus(List<byte[]> seeds) {
        inputs.addAll(seeds);
        this.seeds = seeds.size();
    }

    /** Files of the target, and those that once broke its promise. */
    static Corpus of(FuzzTarget target) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        for (Path file : files(target)) {
            seeds.add(Files.readAllBytes(file));
        }
        if (seeds.isEmpty()) {
            throw new IOException("The directory " + SEEDS.resolve(target.name()) + " has no seed; add one");
        }
        return new Corpus(seeds);
    }

    static List<Path> files(FuzzTarget target) throws IOException {
        try (Stream<Path> files = Files.list(SEEDS.resolve(target.name()))) {
            return files.filter(f -> !f.endsWith("dictionary")).sorted().toList();
        }
    }

    /** Words of the format, one a line. */
    static List<String> dictionary(FuzzTarget target) throws IOException {
        Path file = SEEDS.resolve(target.name()).resolve("dictionary");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    List<byte[]> inputs() {
        return inputs;
    }

    /** Keeps the input if its outcome is new. */
    void offer(byte[] input, Verdict verdict) {
        if (signatures.add(verdict.signature()) && inputs.size() < seeds + MAX_ADDED && input.length < 8192) {
            inputs.add(input);
        }
    }

    int added() {
        return inputs.size() - seeds;
    }
}

package io.textloom.bench.embed;

import java.util.List;

/**
 * An engine of the comparison and how it is started.
 *
 * @param name in the report
 * @param label of its files
 * @param slow whether it makes its second pass in the first repetition alone
 * @param everyText whether it gets all texts; else the first of them
 * @param batchSize rows that it pads to the longest of them; 0 where it counts its own padding
 * @param window longest text that it does not cut; unit: tokens
 * @param command program and settings; where it reads and writes is added
 */
record Contender(
        String name, String label, boolean slow, boolean everyText, int batchSize, int window, List<String> command) {
    Contender {
        command = List.copyOf(command);
    }

    /** One that gets all texts, cuts none and makes a second pass in every repetition. */
    static Contender of(String name, String label, int batchSize, List<String> command) {
        return new Contender(name, label, false, true, batchSize, TextRecipe.MAX_TOKENS, command);
    }
}

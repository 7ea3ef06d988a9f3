package io.textloom.bench.generate;

import java.util.List;

/**
 * An engine of the comparison and how it is started.
 *
 * @param name in the report
 * @param label of its files
 * @param limit how many prompts it gets, the first ones; 0 for all
 * @param alwaysWarm whether it makes a second pass in every repetition; else in the first alone
 * @param command program and settings; where it reads and writes is added
 */
record Contestant(String name, String label, int limit, boolean alwaysWarm, List<String> command) {
    Contestant {
        command = List.copyOf(command);
    }
}

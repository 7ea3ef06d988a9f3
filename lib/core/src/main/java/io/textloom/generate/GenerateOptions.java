package io.textloom.generate;

import java.io.Serializable;
import java.util.List;

/**
 * What the generate job does with each prompt.
 *
 * @param maxNewTokens longest completion; unit: tokens
 * @param temperature logits are divided by it; 0 is greedy decoding
 * @param topK sample among the k most likely tokens; 0 for all
 * @param topP sample among the smallest set of tokens whose probability reaches p; 1 for all
 * @param seed the run's seed; a row's draws depend on it, the row's id and the sample's number alone
 * @param samples completions per prompt
 * @param stop strings that end a completion; not part of it
 * @param longPrompts what happens to a prompt that leaves no room for {@code maxNewTokens}
 * @param slots rows decoded together; fixed for a run, so that a row's arithmetic does not depend on its mates
 */
public record GenerateOptions(
        int maxNewTokens,
        double temperature,
        int topK,
        double topP,
        long seed,
        int samples,
        List<String> stop,
        LongPrompts longPrompts,
        int slots)
        implements Serializable {
    public GenerateOptions {
        stop = List.copyOf(stop);
        require(maxNewTokens >= 1, "generate.maxNewTokens", maxNewTokens, "at least 1");
        require(temperature >= 0 && temperature < 1e6, "generate.temperature", temperature, "0 (greedy) or more");
        require(topK >= 0, "generate.topK", topK, "0 (off) or more");
        require(topP > 0 && topP <= 1, "generate.topP", topP, "above 0 and at most 1");
        require(samples >= 1, "generate.samples", samples, "at least 1");
        require(slots >= 1, "generate.slots", slots, "at least 1");
        require(stop.stream().noneMatch(String::isEmpty), "generate.stop", "\"\"", "strings of at least one character");
    }

    private static void require(boolean holds, String key, Object found, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(key + " is " + found + "; expected " + expected);
        }
    }
}

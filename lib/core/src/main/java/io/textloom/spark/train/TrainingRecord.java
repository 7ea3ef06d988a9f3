package io.textloom.spark.train;

import io.textloom.spark.intake.IntakeOptions;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;

/**
 * {@code _textloom/training.json}: what a training read, did and wrote.
 *
 * @param input fingerprint of the input; empty where it has none
 * @param settings resolved key → value
 * @param seconds phase → time
 * @param files file name → sha-256
 * @param story what was done, in words, in order
 */
public record TrainingRecord(
        int formatVersion,
        String task,
        SortedMap<String, String> versions,
        IntakeOptions intake,
        String input,
        SortedMap<String, String> settings,
        SortedMap<String, Long> counts,
        SortedMap<String, Long> rejectedByCode,
        SortedMap<String, Double> seconds,
        SortedMap<String, String> files,
        Map<String, String> story) {
    public static final int FORMAT_VERSION = 1;

    public TrainingRecord {
        input = Objects.requireNonNullElse(input, ""); // older ones do not say
    }
}

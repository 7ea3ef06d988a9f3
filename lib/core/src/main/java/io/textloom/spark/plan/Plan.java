package io.textloom.spark.plan;

import io.textloom.model.ModelInspection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a job would do, with estimates from a sample.
 *
 * @param model name → what it is
 * @param tasks that the rows would be spread over
 * @param cores that work at once, as Spark tells now
 * @param memory estimate of one executor's native memory for the models; unit: bytes
 * @param sample what the estimates rest on
 * @param rows of the input
 * @param tokens of the texts, special tokens included, before anything is cut
 * @param run of the engine over some of the sample
 * @param rowsToDo those of the rows that a run would compute, faulty ones left out
 * @param outputRows,outputBytes of these
 * @param seconds from the first row to the last; reading the input and the commit are not in it
 * @param notes what a reader of the numbers must know
 */
public record Plan(
        String job,
        String output,
        List<ModelInspection> models,
        long memory,
        Input input,
        ResumePlan resume,
        int tasks,
        int cores,
        Sample sample,
        Estimate rows,
        Estimate tokens,
        Run run,
        Estimate rowsToDo,
        Estimate outputRows,
        Estimate outputBytes,
        Estimate seconds,
        List<String> notes) {
    public Plan {
        models = List.copyOf(models);
        notes = List.copyOf(notes);
    }

    /**
     * @param format empty for a query or table
     * @param bytes as stored; unit: bytes
     */
    public record Input(List<String> inputs, String format, int files, long bytes) {
        public Input {
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * @param rows looked at
     * @param share of the input, from 0 to 1
     * @param places of the input that they come from
     * @param faults rows by reject code
     * @param medianTokens,p95Tokens,maxTokens of a sound row, special tokens included
     */
    public record Sample(
            long rows,
            double share,
            int places,
            SortedMap<String, Long> faults,
            double meanTokens,
            int medianTokens,
            int p95Tokens,
            int maxTokens) {
        public Sample {
            faults = new TreeMap<>(faults);
        }

        /** From 0 to 1. */
        public double faultyShare() {
            return rows == 0
                    ? 0
                    : (double) faults.values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum()
                            / rows;
        }
    }

    /**
     * The engine's measured run.
     *
     * @param documents it was given
     * @param tokens it computed
     * @param tasks that ran at once
     * @param seconds of the longest of them, warm
     * @param loadSeconds of opening the model and warming up, of the longest
     * @param documentsPerSecond,tokensPerSecond of all tasks together
     */
    public record Run(
            long documents,
            long rows,
            long rejected,
            long truncated,
            long tokens,
            int tasks,
            double seconds,
            double loadSeconds,
            double documentsPerSecond,
            double tokensPerSecond) {
        public double truncatedShare() {
            return documents == 0 ? 0 : (double) truncated / documents;
        }

        public double rejectedShare() {
            return documents == 0 ? 0 : (double) rejected / documents;
        }
    }
}

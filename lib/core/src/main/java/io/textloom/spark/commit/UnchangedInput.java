package io.textloom.spark.commit;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.intake.InputFingerprint;
import io.textloom.spark.intake.LiteralPaths;
import io.textloom.table.ErrorTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows an input again whose rows the output accounts for, by {@link InputState}. */
final class UnchangedInput {
    private static final Logger LOG = LoggerFactory.getLogger(UnchangedInput.class);

    private final SparkSession spark;
    private final OutputDirectory output;
    private final OutputOptions options;
    private final String version;
    private final Clock clock;

    /** @param version of Textloom */
    UnchangedInput(SparkSession spark, OutputDirectory output, OutputOptions options, String version, Clock clock) {
        this.spark = spark;
        this.output = output;
        this.options = options;
        this.version = version;
        this.clock = clock;
    }

    /**
     * What was read of these files, where nothing is left to do: every row of them is in the last commit, no run was interrupted, not even at its very end, and no
     * error is tried again.
     *
     * @param input settled
     */
    Optional<InputState> known(Manifest committed, InputFingerprint input) {
        if (options.mode() != RunMode.RESUME || !options.resume().skipUnchanged()) {
            return Optional.empty();
        }
        InputState same = state(committed.lastRun(), input, 0, 0);
        Optional<InputState> known = output.inputState()
                .filter(same::saysWhat)
                .filter(state -> state.recordedAtMillis() <= same.recordedAtMillis());
        try {
            return known.isEmpty() || output.hasTraces() || hasErrorsToRetry(committed) ? Optional.empty() : known;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + output.path() + ": " + e.getMessage(), e);
        }
    }

    private boolean hasErrorsToRetry(Manifest committed) {
        RetryErrors retry = options.resume().retryErrors();
        if (committed.counts().rowsRejected() == 0 || retry == RetryErrors.NONE) {
            return false;
        }
        return !spark.read()
                .schema(ErrorTable.SCHEMA)
                .parquet(LiteralPaths.of(output.paths(committed.files(), Kind.ERRORS)))
                .filter(retry.isTriedAgain())
                .isEmpty();
    }

    /**
     * Writes down that the output accounts for all rows of the input; nothing where that is known. The output is complete without it, so a failure costs the next run a reading and nothing else.
     *
     * @param run that read all rows of the input
     */
    void record(Manifest committed, InputFingerprint input, Manifest.Run run) {
        InputState state = state(committed.lastRun(), input, run.rowsRead(), run.duplicatesDropped());
        if (output.inputState().filter(state::saysWhat).isPresent()) {
            return;
        }
        try {
            output.record(state);
        } catch (IOException e) {
            LOG.warn("The state of the input could not be written; the next run reads all of it", e);
        }
    }

    private InputState state(String run, InputFingerprint input, long rowsRead, long duplicatesDropped) {
        return new InputState(
                run, input, options.resume().deleted(), version, rowsRead, duplicatesDropped, clock.millis());
    }
}

package io.textloom.jobs;

import io.textloom.config.ResolvedSettings;
import io.textloom.spark.JobReport;
import io.textloom.spark.TrainReport;
import io.textloom.spark.VerifyReport;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Notes what it was asked to run, and reports or fails as told. */
final class FakeRunner implements JobRunner {
    final List<ResolvedSettings> asked = new ArrayList<>();
    JobReport report = Reports.embed(false);
    TrainReport trainReport = Reports.tokenizer(false);
    VerifyReport verifyReport = new VerifyReport(List.of(), new TreeMap<>());

    @Nullable
    Throwable failure;

    @Override
    public JobReport run(ResolvedSettings settings, boolean verbose) {
        asked.add(settings);
        failIfTold();
        return report;
    }

    @Override
    public TrainReport train(ResolvedSettings settings, boolean verbose) {
        asked.add(settings);
        failIfTold();
        return trainReport;
    }

    @Override
    public VerifyReport verify(ResolvedSettings settings, boolean verbose) {
        asked.add(settings);
        failIfTold();
        return verifyReport;
    }

    private void failIfTold() {
        if (failure != null) {
            throw FakeRunner.<RuntimeException>unchecked(failure);
        }
    }

    /** Spark throws checked exceptions undeclared, too. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }
}

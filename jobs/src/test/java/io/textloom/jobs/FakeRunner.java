package io.textloom.jobs;

import io.textloom.config.ResolvedSettings;
import io.textloom.jobs.doctor.Checkup;
import io.textloom.spark.JobReport;
import io.textloom.spark.TrainReport;
import io.textloom.spark.VerifyReport;
import io.textloom.spark.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Notes what it was asked to run, and reports or fails as told. */
final class FakeRunner implements JobRunner {
    final List<ResolvedSettings> asked = new ArrayList<>();
    int sessions;
    JobReport report = Reports.embed(false);
    TrainReport trainReport = Reports.tokenizer(false);
    VerifyReport verifyReport = new VerifyReport(List.of(), new TreeMap<>());
    Checkup checkup = new Checkup(List.of());

    @Nullable
    Plan plan;

    @Nullable
    Throwable failure;

    /** Jobs before the one that fails. */
    int sound;

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

    @Override
    public Plan explain(ResolvedSettings settings, boolean verbose) {
        asked.add(settings);
        failIfTold();
        return Objects.requireNonNull(plan, "no plan was set");
    }

    @Override
    public Checkup doctor(ResolvedSettings settings, boolean verbose) {
        asked.add(settings);
        failIfTold();
        return checkup;
    }

    @Override
    public KeptSession keepSession(ResolvedSettings settings, boolean verbose) {
        sessions++;
        return () -> {};
    }

    private void failIfTold() {
        if (failure != null && asked.size() > sound) {
            throw FakeRunner.<RuntimeException>unchecked(failure);
        }
    }

    /** Spark throws checked exceptions undeclared, too. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }
}

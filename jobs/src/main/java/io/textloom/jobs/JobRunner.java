package io.textloom.jobs;

import io.textloom.config.ResolvedSettings;
import io.textloom.jobs.doctor.Checkup;
import io.textloom.spark.JobReport;
import io.textloom.spark.TrainReport;
import io.textloom.spark.VerifyReport;
import io.textloom.spark.plan.Plan;

/** Runs a resolved job; on Spark in earnest. */
interface JobRunner {
    JobReport run(ResolvedSettings settings, boolean verbose);

    /** What {@link #run} would do. */
    Plan explain(ResolvedSettings settings, boolean verbose);

    TrainReport train(ResolvedSettings settings, boolean verbose);

    VerifyReport verify(ResolvedSettings settings, boolean verbose);

    Checkup doctor(ResolvedSettings settings, boolean verbose);

    /** One session for all jobs until it is closed: a cluster may give an application only one. @param settings of the first of them */
    KeptSession keepSession(ResolvedSettings settings, boolean verbose);

    /** Ends the session that is kept. */
    interface KeptSession extends AutoCloseable {
        @Override
        void close();
    }
}

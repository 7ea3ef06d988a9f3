package io.textloom.spark.quarantine;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * What the driver was told of an executor's end.
 *
 * @param reason as Spark tells it
 * @param unwanted whether Spark says that no task of ours was the cause
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Loss(String application, String executor, String reason, boolean unwanted) {
    Cause cause() {
        Cause told = Cause.of(reason);
        return unwanted && told.verdict() == Verdict.UNKNOWN ? new Cause(Verdict.OUTSIDE, told.what()) : told;
    }

    boolean isOf(WorkerProcess process) {
        return application.equals(process.application()) && executor.equals(process.executor());
    }

    String fileName() {
        return (application + "-" + executor).replaceAll("[^A-Za-z0-9_-]", "_") + ".json";
    }
}

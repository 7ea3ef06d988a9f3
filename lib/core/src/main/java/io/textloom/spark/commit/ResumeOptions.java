package io.textloom.spark.commit;

/**
 * What a run does with an output that it resumes, beside the rows that are new or changed.
 *
 * @param skipUnchanged whether an input whose files are as they were is not read again
 */
public record ResumeOptions(Deleted deleted, RetryErrors retryErrors, boolean skipUnchanged) {
    public static final ResumeOptions DEFAULTS = new ResumeOptions(Deleted.KEEP, RetryErrors.FAILED, true);
}

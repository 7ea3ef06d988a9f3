package io.textloom.spark.commit;

import java.util.List;

/**
 * Where results go and when a run fails.
 *
 * @param path output directory on any Hadoop file system
 * @param maxErrorRatio rejected rows over rows read, above which the run ends with exit code 4; 0 to 1
 * @param partitionBy kept columns that become {@code column=value} directories
 */
public record OutputOptions(
        String path,
        RunMode mode,
        double maxErrorRatio,
        List<String> partitionBy,
        OutputFormat format,
        ResumeOptions resume) {
    public OutputOptions {
        partitionBy = List.copyOf(partitionBy);
        if (!(maxErrorRatio >= 0 && maxErrorRatio <= 1)) {
            throw new IllegalArgumentException("maxErrorRatio is " + maxErrorRatio + "; expected 0 to 1");
        }
    }

    /** Resumes as by default. */
    public OutputOptions(
            String path, RunMode mode, double maxErrorRatio, List<String> partitionBy, OutputFormat format) {
        this(path, mode, maxErrorRatio, partitionBy, format, ResumeOptions.DEFAULTS);
    }
}

package io.textloom.spark;

import io.textloom.embed.EmbedOptions;
import io.textloom.generate.GenerateOptions;
import io.textloom.token.TokenizeOptions;
import org.apache.spark.sql.SparkSession;

/** The jobs; every method runs a whole job and commits its output. */
public final class Jobs {
    private Jobs() {}

    public static JobReport tokenize(JobContext context, TokenizeOptions options) {
        throw new UnsupportedOperationException(
                "tokenize of " + context.intake().inputs() + " with " + options);
    }

    public static JobReport embed(JobContext context, EmbedOptions options) {
        throw new UnsupportedOperationException("embed of " + context.intake().inputs() + " with " + options);
    }

    public static JobReport generate(JobContext context, GenerateOptions options) {
        throw new UnsupportedOperationException(
                "generate of " + context.intake().inputs() + " with " + options);
    }

    public static VerifyReport verify(SparkSession spark, String output, boolean readInput) {
        throw new UnsupportedOperationException("verify of " + output + " in " + spark.version() + ", " + readInput);
    }
}

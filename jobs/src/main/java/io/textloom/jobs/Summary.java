package io.textloom.jobs;

import io.textloom.spark.JobReport;
import io.textloom.spark.TrainReport;
import io.textloom.spark.VerifyReport;
import io.textloom.spark.commit.FileTokens;
import io.textloom.spark.lineage.Cost;
import io.textloom.token.Lengths;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Reports as short aligned text. */
final class Summary {
    private Summary() {}

    static String of(JobReport report) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("rows in", count(report.rowsIn()));
        if (report.rowsSkipped() > 0) {
            lines.put("already done", count(report.rowsSkipped()));
        }
        if (report.rowsDeleted() > 0) {
            lines.put("deleted", count(report.rowsDeleted()) + " ids that the input no longer has");
        }
        lines.put("rows out", count(report.rowsOut()) + " from " + count(report.documentsOut()) + " rows in");
        lines.put("rejected", count(report.rowsRejected()) + byCode(report));
        lines.put(
                "tokens", count(report.tokens()) + ", " + count(Math.round(report.tokensPerSecond())) + " per second");
        if (report.paddedTokens() > 0 && report.modelSeconds() > 0) {
            lines.put("padding", percent(report.paddingEfficiency()) + " of the computed tokens are real");
        }
        if (report.usefulFlops() > 0 && report.seconds() > 0) {
            lines.put(
                    "arithmetic",
                    String.format(Locale.ROOT, "%.1f GFLOP/s", report.usefulFlops() / report.seconds() / 1e9));
        }
        lines.put(
                "truncated",
                count(report.truncatedRows()) + " rows, " + count(report.droppedTokens()) + " tokens dropped");
        report.lengths().forEach((tokenizer, lengths) -> {
            if (lengths.documents() > 0) {
                lines.put(report.lengths().size() == 1 ? "lengths" : "lengths " + tokenizer, of(lengths));
            }
        });
        if (report.fileTokens().files() > 0) {
            FileTokens files = report.fileTokens();
            lines.put(
                    "files",
                    count(files.files()) + ", tokens each: least " + count(files.min()) + ", median "
                            + count(files.median()) + ", most " + count(files.max()));
        }
        report.figures().forEach((name, number) -> lines.put(words(name), figure(number)));
        lines.put(
                "time",
                String.format(
                        Locale.ROOT, "%.1f s, of it in the model %.1f s", report.seconds(), report.modelSeconds()));
        String devices = report.provenance().devices().stream()
                .map(device -> device.count() + " × " + device.name())
                .collect(Collectors.joining(", "));
        if (!devices.isEmpty()) {
            lines.put("device", devices);
        }
        Cost cost = report.provenance().cost();
        if (cost != null) {
            lines.put(
                    "cost",
                    String.format(
                            Locale.ROOT, "%.4f %s, %.2f core hours", cost.amount(), cost.currency(), cost.coreHours()));
        }
        lines.put("model", report.model() + " " + shortHash(report.modelSha256()));
        lines.put("output", report.output());
        return aligned(report.job(), lines);
    }

    private static String of(Lengths.Summary lengths) {
        return "half up to " + count(lengths.p50()) + " tokens, 90% " + count(lengths.p90()) + ", 99% "
                + count(lengths.p99()) + ", longest " + count(lengths.max());
    }

    static String of(TrainReport report) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("rows in", count(report.rowsIn()));
        lines.put("rejected", count(report.rowsRejected()) + byCode(report.rejectedByCode()));
        lines.putAll(report.story());
        lines.put(
                "time",
                report.seconds().entrySet().stream()
                        .map(phase -> String.format(Locale.ROOT, "%s %.1f s", phase.getKey(), phase.getValue()))
                        .collect(Collectors.joining(", ")));
        lines.put("output", report.output());
        return aligned("train " + report.task(), lines);
    }

    static String of(VerifyReport report, String output) {
        Map<String, String> lines = new LinkedHashMap<>();
        report.counts().forEach((name, number) -> lines.put(name, count(number)));
        lines.put("output", output);
        lines.put("problems", report.ok() ? "none" : count(report.problems().size()));
        StringBuilder text = new StringBuilder(aligned("verify", lines));
        report.problems().forEach(problem -> text.append("  - ").append(problem).append('\n'));
        report.unchecked()
                .forEach(reason -> text.append("  not checked: ").append(reason).append('\n'));
        return text.toString();
    }

    /** {@code bitsPerByte} as {@code bits per byte}. */
    static String words(String name) {
        return name.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static String figure(double number) {
        return number == Math.rint(number)
                ? String.format(Locale.ROOT, "%,.0f", number)
                : String.format(Locale.ROOT, "%,.4f", number);
    }

    static String aligned(String title, Map<String, String> lines) {
        int width = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder(title).append('\n');
        lines.forEach((name, value) -> text.append("  ")
                .append(name)
                .append(" ".repeat(width - name.length() + 2))
                .append(value)
                .append('\n'));
        return text.toString();
    }

    static String byCode(JobReport report) {
        return byCode(report.rejectedByCode());
    }

    private static String byCode(Map<String, Long> rejectedByCode) {
        return rejectedByCode.isEmpty()
                ? ""
                : rejectedByCode.entrySet().stream()
                        .map(code -> code.getKey() + " " + count(code.getValue()))
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    private static String shortHash(String sha256) {
        return sha256.length() > 12 ? sha256.substring(0, 12) : sha256;
    }

    static String percent(double ratio) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * ratio);
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}

package io.textloom.bench.side;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Median and range of repeated measurements. */
public record Spread(double median, double min, double max) {
    public static Spread of(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(d -> d).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("No measurements");
        }
        int half = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        return new Spread(median, sorted[0], Arrays.stream(sorted).max().orElse(median));
    }

    public Spread over(double divisor) {
        return new Spread(median / divisor, min / divisor, max / divisor);
    }

    /** {@code median (min–max)} */
    public String show(String format) {
        String median = String.format(Locale.ROOT, format, this.median);
        if (min == max) {
            return median;
        }
        return median + " (" + String.format(Locale.ROOT, format, min) + "–" + String.format(Locale.ROOT, format, max)
                + ")";
    }
}

package io.textloom.spark.plan;

import java.util.List;

/**
 * A number that was estimated.
 *
 * @param low,high bounds that hold with about 95%; equal to the value where it was counted
 */
public record Estimate(double value, double low, double high) {
    /** Standard deviations from the middle to the bounds. */
    private static final double Z = 1.96;

    public static Estimate exactly(double value) {
        return new Estimate(value, value, value);
    }

    /** One place of the sample: its size, and how much of what is estimated was found there. */
    public record Place(double size, double found) {}

    /**
     * What there is in all, by the ratio of found to size. The bounds follow from how much the places differ (ratio estimator of cluster sampling);
     * fewer than two places tell nothing of that, and the bounds are then half and double.
     *
     * @param size of the whole, in the unit of the places
     * @param share of the whole that was looked at, from 0 to 1; at 1 the bounds are the value
     *
     * <p>Source: Cochran, Sampling Techniques, 1977, chapter 6.
     */
    public static Estimate ofTotal(List<Place> places, double size, double share) {
        double sizes = places.stream().mapToDouble(Place::size).sum();
        double found = places.stream().mapToDouble(Place::found).sum();
        if (sizes == 0) {
            return exactly(0);
        }
        double ratio = found / sizes;
        double value = ratio * size;
        if (share >= 1) {
            return exactly(value);
        }
        int n = places.size();
        if (n < 2) {
            return new Estimate(value, value / 2, value * 2);
        }
        double squares = 0;
        for (Place place : places) {
            double residual = place.found() - ratio * place.size();
            squares += residual * residual;
        }
        double meanSize = sizes / n;
        double error = size * Math.sqrt((1 - share) * squares / (n * (n - 1.0))) / meanSize;
        return new Estimate(value, Math.max(0, value - Z * error), value + Z * error);
    }

    /** Of two numbers that were estimated apart: their relative errors add up as those of independent ones. */
    public Estimate times(Estimate other) {
        double product = value * other.value;
        double below = Math.hypot(relative(low), other.relative(other.low));
        double above = Math.hypot(relative(high), other.relative(other.high));
        return new Estimate(product, Math.max(0, product * (1 - below)), product * (1 + above));
    }

    public Estimate times(double factor) {
        return new Estimate(value * factor, low * factor, high * factor);
    }

    /** No part of it beyond a limit. */
    public Estimate atMost(double limit) {
        return new Estimate(Math.min(value, limit), Math.min(low, limit), Math.min(high, limit));
    }

    private double relative(double bound) {
        return value == 0 ? 0 : Math.abs(bound - value) / value;
    }
}

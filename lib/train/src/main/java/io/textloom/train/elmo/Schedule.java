package io.textloom.train.elmo;

/**
 * How large each step is: rising to the peak in the first fiftieth of the steps, then falling evenly to a twentieth of it.
 *
 * @param steps in all
 */
record Schedule(double peak, int steps) {
    private static final double END = 0.05;

    /** @param step from 0 */
    double rate(int step) {
        int rise = Math.max(1, steps / 50);
        if (step < rise) {
            return peak * (step + 1) / rise;
        }
        double left = (steps - step) / (double) Math.max(1, steps - rise);
        return peak * (END + (1 - END) * left);
    }
}

package io.textloom.runtime;

/**
 * How the weights of one output of a matrix become integers with scales, a block at a time.
 *
 * @param values of a block; unit: numbers
 * @param bytes that their codes take
 */
record WeightCode(String name, int values, int bytes, Quantizer quantizer) {
    /** Turns a block into codes. */
    @FunctionalInterface
    interface Quantizer {
        /**
         * @param values {@code values[from, from + block)} are read
         * @param codes written from {@code to} on
         * @return the scale
         */
        float quantize(float[] values, int from, byte[] codes, int to);
    }

    static WeightCode int4() {
        return new WeightCode("int4", Int4Blocks.VALUES, Int4Blocks.BYTES, Int4Blocks::quantize);
    }

    /** Signed 8-bit integers, one scale for each output. */
    static WeightCode int8(int inputs) {
        return new WeightCode("int8", inputs, inputs, (values, from, codes, to) -> {
            float largest = 0;
            for (int i = 0; i < inputs; i++) {
                largest = Math.max(largest, Math.abs(values[from + i]));
            }
            float scale = Int8Linears.scale(largest);
            for (int i = 0; i < inputs; i++) {
                codes[to + i] = (byte) Math.rint(values[from + i] / scale);
            }
            return scale;
        });
    }
}

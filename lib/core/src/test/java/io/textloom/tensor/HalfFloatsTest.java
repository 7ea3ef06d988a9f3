package io.textloom.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HalfFloatsTest {
    /** Every one of the 65536 patterns, against the definition of IEEE 754-2008 binary16. */
    @Test
    void everyHalfIsWhatTheStandardSays() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            int exponent = bits >> 10 & 31;
            double fraction = (bits & 1023) / 1024.0;
            double magnitude;
            if (exponent == 31) {
                magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            } else if (exponent == 0) {
                magnitude = fraction * Math.pow(2, -14);
            } else {
                magnitude = (1 + fraction) * Math.pow(2, exponent - 15);
            }
            float expected = (float) ((bits & 0x8000) == 0 ? magnitude : -magnitude);
            assertThat(HalfFloats.fromFloat16((short) bits)).as("%04x", bits).isEqualTo(Float.valueOf(expected));
        }
    }

    @Test
    void bfloat16IsTheUpperHalfOfAFloat() {
        for (float value : new float[] {0, -0f, 1, -2.5f, 3.0e38f, Float.POSITIVE_INFINITY, Float.NaN}) {
            int upper = Float.floatToIntBits(value) & 0xffff0000;
            assertThat(HalfFloats.fromBfloat16((short) (upper >> 16)))
                    .isEqualTo(Float.valueOf(Float.intBitsToFloat(upper)));
        }
    }

    @Test
    void normalizeGivesLengthOneAndLeavesZeroAlone() {
        float[] vector = {3, 0, -4};
        Vectors.normalize(vector, 0, vector.length);
        assertThat(vector).containsExactly(0.6f, 0, -0.8f);
        float[] zero = new float[3];
        Vectors.normalize(zero, 0, zero.length);
        assertThat(zero).containsExactly(0, 0, 0);
    }

    @Test
    void finiteMeansEveryComponent() {
        assertThat(Vectors.isFinite(new float[] {1, -Float.MAX_VALUE})).isTrue();
        assertThat(Vectors.isFinite(new float[] {1, Float.NaN, 2})).isFalse();
        assertThat(Vectors.isFinite(new float[] {Float.NEGATIVE_INFINITY, 1})).isFalse();
    }
}

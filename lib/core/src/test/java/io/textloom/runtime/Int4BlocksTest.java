package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Int4BlocksTest {
    @Test
    void everyNumberIsAboutAStepFromWhatItsCodeMeans() {
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[32 * 50];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-1, 1);
        }
        byte[] codes = new byte[16 * 50];
        for (int block = 0; block < 50; block++) {
            float scale = Int4Blocks.quantize(values, 32 * block, codes, 16 * block);
            for (int i = 0; i < 32; i++) {
                assertThat(scale * (code(codes, 16 * block, i) - 8))
                        .isCloseTo(
                                values[32 * block + i], org.assertj.core.data.Offset.offset(1.25f * Math.abs(scale)));
            }
        }
    }

    @Test
    void wholeMultiplesOfAScaleAreExact() {
        float[] values = new float[32];
        for (int i = 0; i < 32; i++) {
            values[i] = 0.25f * (i % 16 - 8);
        }
        byte[] codes = new byte[16];
        assertThat(Int4Blocks.quantize(values, 0, codes, 0)).isEqualTo(0.25f);
        for (int i = 0; i < 32; i++) {
            assertThat(code(codes, 0, i)).isEqualTo(i % 16);
        }
    }

    @Test
    void zerosStayZero() {
        byte[] codes = new byte[16];
        assertThat(Int4Blocks.quantize(new float[32], 0, codes, 0)).isZero();
        assertThat(codes).containsOnly((byte) 0x88);
    }

    private static int code(byte[] codes, int from, int index) {
        return codes[from + index / 2] >> (index % 2 * 4) & 15;
    }
}

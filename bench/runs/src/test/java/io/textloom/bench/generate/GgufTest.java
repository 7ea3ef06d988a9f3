package io.textloom.bench.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class GgufTest {
    @Test
    void aBlockIsAHalfFloatScaleAndSignedBytes() {
        float[] values = new float[64];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i - 20) * (i < 32 ? 0.01f : 1);
        }
        ByteBuffer bytes = ByteBuffer.wrap(Gguf.blocks(values)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.remaining()).isEqualTo(2 * 34);
        for (int block = 0; block < 2; block++) {
            float scale = Fp16Conversions.fp16ToFloat(bytes.getShort());
            for (int i = 0; i < 32; i++) {
                assertThat(scale * bytes.get()).isCloseTo(values[block * 32 + i], within(0.6f * scale));
            }
        }
    }

    @Test
    void aBlockOfZerosStaysZero() {
        assertThat(Gguf.blocks(new float[32])).containsOnly(0);
    }
}

package io.textloom.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.model.ModelException;
import io.textloom.model.Safetensors.FloatTensor;
import io.textloom.model.Weights;
import io.textloom.tensor.DataType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same weights, exact in 16 bits, stored in float32 and in a 16-bit type. */
class HalfPrecisionTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void aHalfPrecisionModelGivesTheLogitsOfItsWeightsInFloat32(DataType type) throws Exception {
        RandomGpt2 model = RandomGpt2.small();
        Map<String, FloatTensor> tensors = model.tensors();
        if (type == DataType.BFLOAT16) {
            for (FloatTensor t : tensors.values()) {
                for (int i = 0; i < t.values().length; i++) {
                    t.values()[i] = Float.intBitsToFloat(Float.floatToRawIntBits(t.values()[i]) & 0xffff0000);
                }
            }
        }
        Path single = model.write(folder.resolve("single"), tensors);
        Path half = Files.createDirectories(folder.resolve("half"));
        Files.write(half.resolve("model.safetensors"), halfPrecision(tensors, type));
        assertThat(trace(model, half)).isEqualTo(trace(model, single));
    }

    @Test
    void aMissingWeightAndAWrongShapeAreNamed() throws Exception {
        RandomGpt2 model = RandomGpt2.small();
        Map<String, FloatTensor> tensors = model.tensors();
        tensors.remove("h.1.mlp.c_fc.weight");
        Path without = model.write(folder.resolve("without"), tensors);
        assertThatThrownBy(() -> DecoderSession.open(model.spec(), Weights.open(without), 1))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("transformer.h.1.mlp.c_fc.weight");
        RandomGpt2 wider = new RandomGpt2(128, 2, 2, 160, 259, true, "transformer.", 7);
        Path narrow = model.write(folder.resolve("narrow"));
        assertThatThrownBy(() -> DecoderSession.open(wider.spec(), Weights.open(narrow), 1))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("wte.weight")
                .hasMessageContaining("[259, 128]");
    }

    private static float[] trace(RandomGpt2 model, Path folder) {
        try (DecoderSession session = DecoderSession.open(model.spec(), Weights.open(folder), 1);
                DecodeState state = session.newState(2, 64)) {
            state.prefill(0, new int[] {5, 6, 7, 8, 9, 10, 11, 12, 13, 14}, 10);
            state.decode(new int[] {20, 0});
            float[] logits = new float[state.vocabularySize()];
            state.logits(0, logits);
            return logits;
        }
    }

    private static byte[] halfPrecision(Map<String, FloatTensor> tensors, DataType type) {
        ObjectNode header = new ObjectMapper().createObjectNode();
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        new LinkedHashMap<>(tensors).forEach((name, t) -> {
            ObjectNode node = header.putObject("transformer." + name).put("dtype", type.safetensorsName());
            t.shape().forEach(node.putArray("shape")::add);
            int begin = data.size();
            for (float v : t.values()) {
                int bits = type == DataType.BFLOAT16 ? Float.floatToRawIntBits(v) >>> 16 : toFloat16(v);
                data.write(bits);
                data.write(bits >>> 8);
            }
            node.putArray("data_offsets").add(begin).add(data.size());
        });
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .array());
        file.writeBytes(json);
        file.writeBytes(data.toByteArray());
        return file.toByteArray();
    }

    /** Of a number that is exact and normal in binary16, or zero. */
    private static int toFloat16(float v) {
        int bits = Float.floatToRawIntBits(v);
        int sign = (bits >>> 16) & 0x8000;
        if (v == 0) {
            return sign;
        }
        int exponent = ((bits >>> 23) & 0xff) - 127;
        assertThat(exponent).isBetween(-14, 15);
        assertThat(bits & 0x1fff).isZero();
        return sign | ((exponent + 15) << 10) | ((bits >>> 13) & 0x3ff);
    }
}

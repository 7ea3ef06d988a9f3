package io.textloom.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.model.Safetensors.FloatTensor;
import io.textloom.tensor.DataType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void readsBackWhatItWrote() throws IOException {
        Path file = folder.resolve("a.safetensors");
        Map<String, FloatTensor> tensors = new LinkedHashMap<>();
        tensors.put("matrix", new FloatTensor(new float[] {1, -2, 3, 4, Float.MIN_VALUE, Float.NaN}, List.of(2L, 3L)));
        tensors.put("scalar", new FloatTensor(new float[] {7}, List.of()));
        tensors.put("none", new FloatTensor(new float[0], List.of(0L, 5L)));
        Safetensors.write(file, tensors, Map.of("format", "pt"));
        Map<String, TensorInfo> read = Safetensors.read(file);
        assertThat(read.keySet()).containsExactly("matrix", "scalar", "none");
        assertThat(Safetensors.readFloats(read.get("matrix"))).containsExactly(1, -2, 3, 4, Float.MIN_VALUE, Float.NaN);
        assertThat(read.get("matrix").shape()).containsExactly(2L, 3L);
        assertThat(Safetensors.readFloats(read.get("scalar"))).containsExactly(7);
        assertThat(read.get("none").elements()).isZero();
        assertThat(Safetensors.metadata(file)).containsExactly(Map.entry("format", "pt"));
    }

    @Property(tries = 100)
    void anyFloatsSurvive(@ForAll @Size(max = 300) float[] values) throws IOException {
        Path file = Files.createTempFile("floats", ".safetensors");
        try {
            Safetensors.write(file, Map.of("t", new FloatTensor(values, List.of((long) values.length))), Map.of());
            assertThat(Safetensors.readFloats(Safetensors.read(file).get("t"))).containsExactly(values);
        } finally {
            Files.delete(file);
        }
    }

    @Property(tries = 300)
    void bytesOfAnyKindAreRefusedOrReadWithinTheFile(
            @ForAll @Size(max = 200) byte[] tail, @ForAll @IntRange(max = 250) int length) throws IOException {
        Path file = Files.createTempFile("bytes", ".safetensors");
        try {
            Files.write(file, bytes(length, new String(tail, StandardCharsets.ISO_8859_1), 0));
            Map<String, TensorInfo> read = Safetensors.read(file);
            read.values().forEach(t -> assertThat(t.offset() + t.length()).isLessThanOrEqualTo(8 + tail.length));
        } catch (ModelException e) {
            assertThat(e).hasMessageContaining(file.toString());
        } finally {
            Files.delete(file);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 25, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40, 100_000_001})
    void headersLongerThanTheFileAllocateNothing(long length) throws IOException {
        refused(bytes(length, "{\"a\": 1}                ", 0), "claims a header of " + length);
    }

    @Test
    void filesCutShortAreRefused() throws IOException {
        Path file = folder.resolve("whole.safetensors");
        Safetensors.write(file, Map.of("t", new FloatTensor(new float[100], List.of(100L))), Map.of());
        byte[] whole = Files.readAllBytes(file);
        for (int size : new int[] {0, 7, 8, 20, whole.length - 1}) {
            refused(java.util.Arrays.copyOf(whole, size), "");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[0, 17]",
                "[-4, 12]",
                "[12, 4]",
                "[0]",
                "[]",
                "[0, 9223372036854775807]",
                "[9223372036854775800, 9223372036854775807]",
                "\"x\""
            })
    void offsetsOutsideTheDataAreRefused(String offsets) throws IOException {
        refused(file("{\"t\": {\"dtype\": \"F32\", \"shape\": [4], \"data_offsets\": " + offsets + "}}", 16), "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[5]", "[-4]", "[2, 2, 2]", "[4294967296, 4294967296]", "[\"4\"]"})
    void shapesThatDoNotFitTheirBytesAreRefused(String shape) throws IOException {
        refused(file("{\"t\": {\"dtype\": \"F32\", \"shape\": " + shape + ", \"data_offsets\": [0, 16]}}", 16), "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"t\": ", "[1, 2]", "null", "7", "", "{\"t\": {\"dtype\": \"F8\"}}"})
    void headersThatAreNotTensorsAreRefused(String json) throws IOException {
        refused(file(json, 16), "");
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        refused(file("{\"a\":" + "[".repeat(200_000) + "]".repeat(200_000) + "}", 0), "");
    }

    @Test
    void typesAreThoseOfTheFormat() {
        assertThat(DataType.bySafetensorsName("BF16")).contains(DataType.BFLOAT16);
        assertThat(DataType.bySafetensorsName("F8_E4M3")).isEmpty();
    }

    private void refused(byte[] content, String message) throws IOException {
        Path file = folder.resolve("bad.safetensors");
        Files.write(file, content);
        assertThatThrownBy(() -> Safetensors.read(file))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(message);
    }

    private static byte[] file(String json, int dataBytes) {
        return bytes(json.getBytes(StandardCharsets.UTF_8).length, json, dataBytes);
    }

    private static byte[] bytes(long headerLength, String rest, int dataBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(headerLength)
                .array());
        out.writeBytes(rest.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(new byte[dataBytes]);
        return out.toByteArray();
    }
}

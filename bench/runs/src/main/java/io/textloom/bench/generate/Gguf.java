package io.textloom.bench.generate;

import com.fasterxml.jackson.databind.JsonNode;
import io.textloom.bench.Json;
import io.textloom.model.Gpt2Spec;
import io.textloom.model.Safetensors;
import io.textloom.model.TensorInfo;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A GPT-2 folder as a GGUF file, matrices in float32 or Q8_0 (blocks of 32 signed bytes behind one float16 scale), everything else in float32. Source: the GGUF
 * specification, version 3, and llama.cpp's names of GPT-2's tensors.
 */
final class Gguf {
    /** Numbers of the matrices, as GGUF's headers name them. */
    enum Type {
        F32(0, 0),
        Q8_0(8, 7);

        final int tensor;
        final int file;

        Type(int tensor, int file) {
            this.tensor = tensor;
            this.file = file;
        }
    }

    private static final int ALIGNMENT = 32;
    private static final int BLOCK = 32;
    private static final int U32 = 4;
    private static final int I32 = 5;
    private static final int F32 = 6;
    private static final int STRING = 8;
    private static final int ARRAY = 9;
    private static final int NORMAL = 1;
    private static final int CONTROL = 3;

    private record Tensor(String name, int[] shape, int type, byte[] data) {}

    private final Map<String, TensorInfo> weights;
    private final Gpt2Spec spec;
    private final Type type;
    private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
    private int entries;
    private final List<Tensor> tensors = new ArrayList<>();

    private Gguf(Path folder, Gpt2Spec spec, Type type) {
        this.weights = Safetensors.read(folder.resolve("model.safetensors"));
        this.spec = spec;
        this.type = type;
    }

    static void write(Path folder, Gpt2Spec spec, Type type, Path file) throws IOException {
        Gguf gguf = new Gguf(folder, spec, type);
        gguf.describe();
        gguf.vocabulary(Json.MAPPER.readTree(folder.resolve("tokenizer.json").toFile()));
        gguf.addTensors();
        gguf.write(file);
    }

    private void describe() throws IOException {
        text("general.architecture", "gpt2");
        text("general.name", "random weights");
        number("general.file_type", type.file);
        number("gpt2.context_length", spec.maxPositions());
        number("gpt2.embedding_length", spec.hidden());
        number("gpt2.feed_forward_length", spec.innerSize());
        number("gpt2.block_count", spec.layers());
        number("gpt2.attention.head_count", spec.heads());
        key("gpt2.attention.layer_norm_epsilon", F32);
        int32(metadata, Float.floatToIntBits(spec.layerNormEpsilon()));
    }

    private void vocabulary(JsonNode tokenizer) throws IOException {
        JsonNode model = tokenizer.path("model");
        String[] tokens = new String[spec.vocabulary()];
        model.path("vocab").properties().forEach(e -> tokens[e.getValue().asInt()] = e.getKey());
        int end = tokens.length - 1;
        text("tokenizer.ggml.model", "gpt2");
        text("tokenizer.ggml.pre", "gpt-2");
        number("tokenizer.ggml.bos_token_id", end);
        number("tokenizer.ggml.eos_token_id", end);
        array("tokenizer.ggml.tokens", STRING, tokens.length);
        for (String token : tokens) {
            string(metadata, token);
        }
        array("tokenizer.ggml.token_type", I32, tokens.length);
        for (int i = 0; i < tokens.length; i++) {
            int32(metadata, i == end ? CONTROL : NORMAL);
        }
        JsonNode merges = model.path("merges");
        array("tokenizer.ggml.merges", STRING, merges.size());
        for (JsonNode merge : merges) {
            string(metadata, merge.asText());
        }
    }

    private void addTensors() {
        matrix("token_embd.weight", "wte.weight", false);
        matrix("output.weight", "wte.weight", false);
        plain("position_embd.weight", "wpe.weight");
        for (int i = 0; i < spec.layers(); i++) {
            layer("blk." + i + ".", "h." + i + ".");
        }
        both("output_norm", "ln_f");
    }

    private void layer(String to, String from) {
        both(to + "attn_norm", from + "ln_1");
        linear(to + "attn_qkv", from + "attn.c_attn");
        linear(to + "attn_output", from + "attn.c_proj");
        both(to + "ffn_norm", from + "ln_2");
        linear(to + "ffn_up", from + "mlp.c_fc");
        linear(to + "ffn_down", from + "mlp.c_proj");
    }

    private void linear(String to, String from) {
        matrix(to + ".weight", from + ".weight", true);
        plain(to + ".bias", from + ".bias");
    }

    private void both(String to, String from) {
        plain(to + ".weight", from + ".weight");
        plain(to + ".bias", from + ".bias");
    }

    private void plain(String to, String from) {
        TensorInfo info = info(from);
        tensors.add(new Tensor(to, shape(info), Type.F32.tensor, floats(Safetensors.readFloats(info))));
    }

    /** @param inputFirst whether the file has [inputs, outputs], as GPT-2's linear layers do; GGUF has them the other way round */
    private void matrix(String to, String from, boolean inputFirst) {
        TensorInfo info = info(from);
        int[] shape = shape(info);
        float[] values = Safetensors.readFloats(info);
        if (inputFirst) {
            values = transposed(values, shape[0], shape[1]);
            shape = new int[] {shape[1], shape[0]};
        }
        tensors.add(new Tensor(to, shape, type.tensor, type == Type.F32 ? floats(values) : blocks(values)));
    }

    private TensorInfo info(String name) {
        TensorInfo info = weights.get("transformer." + name);
        if (info == null) {
            throw new IllegalStateException("The model has no transformer." + name);
        }
        return info;
    }

    private static int[] shape(TensorInfo info) {
        return info.shape().stream().mapToInt(Long::intValue).toArray();
    }

    private static float[] transposed(float[] values, int rows, int columns) {
        float[] turned = new float[values.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                turned[c * rows + r] = values[r * columns + c];
            }
        }
        return turned;
    }

    private static byte[] floats(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    static byte[] blocks(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length / BLOCK * (BLOCK + Short.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int start = 0; start < values.length; start += BLOCK) {
            float largest = 0;
            for (int i = start; i < start + BLOCK; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            float scale = largest / Byte.MAX_VALUE;
            bytes.putShort(ai.onnxruntime.platform.Fp16Conversions.floatToFp16(scale));
            for (int i = start; i < start + BLOCK; i++) {
                bytes.put((byte) Math.round(scale == 0 ? 0 : values[i] / scale));
            }
        }
        return bytes.array();
    }

    private void write(Path file) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write("GGUF".getBytes(StandardCharsets.US_ASCII));
        int32(head, 3);
        int64(head, tensors.size());
        int64(head, entries);
        metadata.writeTo(head);
        long offset = 0;
        for (Tensor tensor : tensors) {
            string(head, tensor.name());
            int32(head, tensor.shape().length);
            for (int i = tensor.shape().length - 1; i >= 0; i--) {
                int64(head, tensor.shape()[i]);
            }
            int32(head, tensor.type());
            int64(head, offset);
            offset += tensor.data().length + padding(tensor.data().length);
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            head.writeTo(out);
            out.write(new byte[padding(head.size())]);
            for (Tensor tensor : tensors) {
                out.write(tensor.data());
                out.write(new byte[padding(tensor.data().length)]);
            }
        }
    }

    private static int padding(int length) {
        return Math.floorMod(-length, ALIGNMENT);
    }

    private void text(String key, String value) throws IOException {
        key(key, STRING);
        string(metadata, value);
    }

    private void number(String key, int value) throws IOException {
        key(key, U32);
        int32(metadata, value);
    }

    private void array(String key, int type, int size) throws IOException {
        key(key, ARRAY);
        int32(metadata, type);
        int64(metadata, size);
    }

    private void key(String key, int type) throws IOException {
        entries++;
        string(metadata, key);
        int32(metadata, type);
    }

    private static void string(OutputStream out, String value) throws IOException {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        int64(out, bytes.length);
        out.write(bytes);
    }

    private static void int32(OutputStream out, int value) throws IOException {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(value >>> shift);
        }
    }

    private static void int64(OutputStream out, long value) throws IOException {
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            out.write((int) (value >>> shift));
        }
    }
}

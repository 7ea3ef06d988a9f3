package io.textloom.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.textloom.tensor.DataType;
import io.textloom.tensor.HalfFloats;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * The safetensors file format: an 8-byte little-endian header length, a JSON header, then the data.
 *
 * <p>Every size is checked against the file before anything is allocated. Source: safetensors format specification.
 */
public final class Safetensors {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Safetensors() {}

    /**
     * Tensors of one file in the order of its header.
     *
     * @throws ModelException if the file is not sound
     */
    public static Map<String, TensorInfo> read(Path file) {
        return SafetensorsHeader.read(file).tensors();
    }

    /** The free-form string metadata of a file; empty if it has none. */
    public static Map<String, String> metadata(Path file) {
        return SafetensorsHeader.read(file).metadata();
    }

    /** Reads a float32, float16 or bfloat16 tensor, widened to float32; row-major. */
    public static float[] readFloats(TensorInfo tensor) {
        if (!tensor.type().isFloat()) {
            throw new ModelException("Tensor " + tensor.name() + " is " + tensor.type() + ", expected a float type");
        }
        if (tensor.length() > Integer.MAX_VALUE) {
            throw new ModelException("Tensor " + tensor.name() + " of " + tensor.file() + " has " + tensor.length()
                    + " bytes; expected at most " + Integer.MAX_VALUE + " where it has to be read whole");
        }
        float[] values = new float[(int) tensor.elements()];
        try (FileChannel channel = FileChannel.open(tensor.file(), StandardOpenOption.READ)) {
            ByteBuffer data = channel.map(FileChannel.MapMode.READ_ONLY, tensor.offset(), tensor.length())
                    .order(ByteOrder.LITTLE_ENDIAN);
            if (tensor.type() == DataType.FLOAT32) {
                data.asFloatBuffer().get(values);
            } else {
                ShortBuffer halves = data.asShortBuffer();
                boolean bfloat = tensor.type() == DataType.BFLOAT16;
                for (int i = 0; i < values.length; i++) {
                    short bits = halves.get(i);
                    values[i] = bfloat ? HalfFloats.fromBfloat16(bits) : HalfFloats.fromFloat16(bits);
                }
            }
        } catch (IOException e) {
            throw new ModelException("Cannot read tensor " + tensor.name() + " of " + tensor.file(), e);
        }
        return values;
    }

    /** A float32 tensor to be written; {@code values} is row-major and not copied. */
    public static final class FloatTensor {
        private final List<Long> shape;
        private final float[] values;

        public FloatTensor(float[] values, List<Long> shape) {
            long elements = shape.stream().reduce(1L, Math::multiplyExact);
            if (elements != values.length) {
                throw new IllegalArgumentException("shape " + shape + " does not hold " + values.length + " values");
            }
            this.values = values;
            this.shape = List.copyOf(shape);
        }

        public List<Long> shape() {
            return shape;
        }

        public float[] values() {
            return values;
        }
    }

    /** Gives the rows of a matrix, first to last. */
    @FunctionalInterface
    public interface Rows {
        /** @param row overwritten with the next one */
        void next(float[] row) throws IOException;
    }

    /** Writes one float32 matrix, of any size, row by row. */
    public static void writeMatrix(
            OutputStream out, String name, long rows, int columns, Rows source, Map<String, String> metadata)
            throws IOException {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode meta = header.putObject("__metadata__");
        metadata.forEach(meta::put);
        ObjectNode node = header.putObject(name);
        node.put("dtype", DataType.FLOAT32.safetensorsName());
        node.putArray("shape").add(rows).add(columns);
        node.putArray("data_offsets").add(0).add(4 * rows * columns);
        writeHeader(out, header);
        float[] row = new float[columns];
        ByteBuffer bytes = ByteBuffer.allocate(4 * columns).order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; i < rows; i++) {
            source.next(row);
            bytes.clear();
            bytes.asFloatBuffer().put(row);
            out.write(bytes.array());
        }
    }

    private static void writeHeader(OutputStream out, ObjectNode header) throws IOException {
        byte[] json = JSON.writeValueAsBytes(header);
        int padded = (json.length + 7) / 8 * 8;
        out.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .array());
        out.write(json);
        out.write(" ".repeat(padded - json.length).getBytes(StandardCharsets.US_ASCII));
    }

    /** Writes float32 tensors in the order of the map. */
    public static void write(Path file, Map<String, FloatTensor> tensors, Map<String, String> metadata)
            throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            write(out, tensors, metadata);
        }
    }

    /** The same; the stream stays open. */
    public static void write(OutputStream out, Map<String, FloatTensor> tensors, Map<String, String> metadata)
            throws IOException {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode meta = header.putObject("__metadata__");
        metadata.forEach(meta::put);
        long offset = 0;
        for (Map.Entry<String, FloatTensor> e : tensors.entrySet()) {
            long bytes = 4L * e.getValue().values.length;
            ObjectNode node = header.putObject(e.getKey());
            node.put("dtype", DataType.FLOAT32.safetensorsName());
            e.getValue().shape.forEach(node.putArray("shape")::add);
            node.putArray("data_offsets").add(offset).add(offset + bytes);
            offset += bytes;
        }
        writeHeader(out, header);
        ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (FloatTensor tensor : tensors.values()) {
            int done = 0;
            while (done < tensor.values.length) {
                int n = Math.min(chunk.capacity() / 4, tensor.values.length - done);
                chunk.clear();
                chunk.asFloatBuffer().put(tensor.values, done, n);
                out.write(chunk.array(), 0, n * 4);
                done += n;
            }
        }
    }
}

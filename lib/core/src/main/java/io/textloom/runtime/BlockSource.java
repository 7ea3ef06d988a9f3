package io.textloom.runtime;

import io.textloom.model.ModelException;
import io.textloom.model.TensorInfo;
import io.textloom.tensor.DataType;
import io.textloom.tensor.HalfFloats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;

/** A stored matrix, read a few outputs at a time in blocks of inputs; the last block of an output is filled up with zeros. */
final class BlockSource {
    /** unit: floats */
    private static final int AT_ONCE = 1 << 20;

    private final TensorInfo tensor;
    private final boolean transposed;
    private final int block;
    private final int outputs;
    private final int inputs;

    /**
     * @param tensor float32, float16 or bfloat16, [out, in]
     * @param transposed whether it is [in, out] instead
     * @param block unit: numbers
     */
    BlockSource(TensorInfo tensor, boolean transposed, int block) {
        if (!tensor.type().isFloat() || tensor.shape().size() != 2) {
            throw new ModelException("Tensor " + tensor.name() + " is " + tensor.type() + " of the shape "
                    + tensor.shape() + "; expected a matrix of a float type");
        }
        this.tensor = tensor;
        this.transposed = transposed;
        this.block = block;
        this.outputs = Math.toIntExact(tensor.shape().get(transposed ? 1 : 0));
        this.inputs = Math.toIntExact(tensor.shape().get(transposed ? 0 : 1));
    }

    Path file() {
        return tensor.file();
    }

    int outputs() {
        return outputs;
    }

    int inputs() {
        return inputs;
    }

    /** Blocks of one output. */
    int blocks() {
        return (inputs + block - 1) / block;
    }

    /** Outputs that {@link #read} gives together. */
    int rowsAtOnce() {
        return Math.max(1, Math.min(outputs, AT_ONCE / (blocks() * block)));
    }

    /** @param out float[rowsAtOnce * blocks * block], overwritten with the outputs from {@code first} on */
    void read(FileChannel channel, int first, float[] out) throws IOException {
        int rows = Math.min(rowsAtOnce(), outputs - first);
        int width = blocks() * block;
        Arrays.fill(out, 0);
        if (!transposed) {
            ByteBuffer data = bytes(channel, (long) first * inputs, rows * inputs);
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < inputs; i++) {
                    out[row * width + i] = value(data, row * inputs + i);
                }
            }
            return;
        }
        for (int i = 0; i < inputs; i++) {
            ByteBuffer data = bytes(channel, (long) i * outputs + first, rows);
            for (int row = 0; row < rows; row++) {
                out[row * width + i] = value(data, row);
            }
        }
    }

    private ByteBuffer bytes(FileChannel channel, long first, int count) throws IOException {
        int size = tensor.type().bytes();
        ByteBuffer data = ByteBuffer.allocate(count * size).order(ByteOrder.LITTLE_ENDIAN);
        long at = tensor.offset() + first * size;
        while (data.hasRemaining()) {
            if (channel.read(data, at + data.position()) < 0) {
                throw new IOException(tensor.file() + " ends within " + tensor.name());
            }
        }
        return data;
    }

    private float value(ByteBuffer data, int index) {
        if (tensor.type() == DataType.FLOAT32) {
            return data.getFloat(4 * index);
        }
        short bits = data.getShort(2 * index);
        return tensor.type() == DataType.BFLOAT16 ? HalfFloats.fromBfloat16(bits) : HalfFloats.fromFloat16(bits);
    }
}

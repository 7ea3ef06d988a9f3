package io.textloom.model;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.textloom.tensor.DataType;
import io.textloom.tensor.HalfFloats;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * A constant float tensor of an ONNX graph, read when asked for.
 *
 * @param transposed the graph uses it with its two dimensions exchanged
 */
record OnnxConstant(TensorProto proto, Path folder, boolean transposed) {
    /** The data of a tensor is read whole. unit: bytes */
    private static final long MAX_BYTES = Integer.MAX_VALUE;

    OnnxConstant {
        long bytes = isFloat(proto) ? 4 : 0;
        for (long d : proto.getDimsList()) {
            if (d < 0 || (d > 0 && bytes > MAX_BYTES / d)) {
                throw new ModelException("The tensor " + proto.getName() + " has the dimensions " + proto.getDimsList()
                        + "; expected at most " + MAX_BYTES + " bytes, export the model again");
            }
            bytes *= d;
        }
    }

    /** Dimensions as the graph uses them. */
    List<Long> shape() {
        List<Long> dims = proto.getDimsList();
        return transposed ? List.of(dims.get(1), dims.get(0)) : dims;
    }

    OnnxConstant transpose() {
        return new OnnxConstant(proto, folder, !transposed);
    }

    boolean isVector(long length) {
        List<Long> dims = shape();
        return isFloat()
                && !dims.isEmpty()
                && dims.get(dims.size() - 1) == length
                && dims.stream().reduce(1L, Math::multiplyExact) == length;
    }

    boolean isMatrix() {
        return isFloat() && proto.getDimsCount() == 2;
    }

    boolean isFloat() {
        return isFloat(proto);
    }

    private static boolean isFloat(TensorProto proto) {
        return DataType.byOnnxCode(proto.getDataType())
                .filter(DataType::isFloat)
                .isPresent();
    }

    /** The only element; empty if there are more or it is not a float. */
    Optional<Float> scalar() {
        boolean one = proto.getDimsList().stream().allMatch(d -> d == 1);
        return one && isFloat() ? Optional.of(stored()[0]) : Optional.empty();
    }

    /** Row-major in the order of {@link #shape}. */
    float[] values() {
        float[] stored = stored();
        if (!transposed) {
            return stored;
        }
        int rows = Math.toIntExact(proto.getDims(0));
        int columns = Math.toIntExact(proto.getDims(1));
        float[] values = new float[stored.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                values[c * rows + r] = stored[r * columns + c];
            }
        }
        return values;
    }

    private float[] stored() {
        float[] values = data();
        long expected = proto.getDimsList().stream().reduce(1L, (a, b) -> a * b);
        if (values.length != expected) {
            throw new ModelException(
                    "The tensor " + proto.getName() + " has " + values.length + " values but the dimensions "
                            + proto.getDimsList() + "; the file is damaged, export the model again");
        }
        return values;
    }

    private float[] data() {
        if (!isFloat()) {
            throw new ModelException("The tensor " + proto.getName() + " has the type " + proto.getDataType()
                    + "; expected floats, export the model in float32");
        }
        if (proto.getFloatDataCount() > 0) {
            float[] values = new float[proto.getFloatDataCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = proto.getFloatData(i);
            }
            return values;
        }
        ByteBuffer data = bytes().order(ByteOrder.LITTLE_ENDIAN);
        DataType type = DataType.byOnnxCode(proto.getDataType()).orElseThrow();
        float[] values = new float[data.remaining() / type.bytes()];
        if (type == DataType.FLOAT32) {
            FloatBuffer floats = data.asFloatBuffer();
            floats.get(values);
        } else {
            ShortBuffer halves = data.asShortBuffer();
            for (int i = 0; i < values.length; i++) {
                values[i] = type == DataType.BFLOAT16
                        ? HalfFloats.fromBfloat16(halves.get(i))
                        : HalfFloats.fromFloat16(halves.get(i));
            }
        }
        return values;
    }

    private ByteBuffer bytes() {
        if (proto.getDataLocation() != TensorProto.DataLocation.EXTERNAL) {
            return proto.getRawData().asReadOnlyByteBuffer();
        }
        Path file = FolderBoundary.require(folder, external("location").orElse(""));
        long offset = number("offset").orElse(0L);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long length = number("length").orElse(channel.size() - offset);
            if (offset < 0 || length < 0 || length > MAX_BYTES || offset > channel.size() - length) {
                throw new ModelException("The tensor " + proto.getName() + " claims bytes " + offset + " to "
                        + (offset + length) + " of " + file + "; the file is cut short, copy it again");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, offset, length);
        } catch (IOException e) {
            throw new ModelException("Cannot read the weights " + file + " of an ONNX model", e);
        }
    }

    private Optional<Long> number(String key) {
        try {
            return external(key).map(Long::valueOf);
        } catch (NumberFormatException e) {
            throw new ModelException(
                    "The tensor " + proto.getName() + " has the " + key + " " + external(key) + "; expected a number",
                    e);
        }
    }

    private Optional<String> external(String key) {
        return proto.getExternalDataList().stream()
                .filter(e -> e.getKey().equals(key))
                .map(StringStringEntryProto::getValue)
                .findFirst();
    }
}

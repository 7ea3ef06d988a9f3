package io.textloom.runtime;

import io.textloom.model.ModelCache;
import io.textloom.model.ModelException;
import io.textloom.model.TensorInfo;
import io.textloom.tensor.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a graph of few bits, in a file of their own in the machine's {@link ModelCache}: matrices as integers, all else as it
 * is stored. A graph is built against the places that the weights will have; {@link #write} then makes the file, a part of a matrix at a time, so that
 * no copy of the weights is ever in memory.
 */
final class QuantizedWeights {
    private static final String FILE = "weights.bin";

    /** As the graph's other initializers; unit: bytes */
    private static final int ALIGNMENT = 64;

    private final Map<String, Matrix> matrices = new LinkedHashMap<>();
    private final Map<String, Copy> copies = new LinkedHashMap<>();
    private long end;

    /**
     * A matrix in blocks.
     *
     * @param codes [out, blocks, bytes of a block], uint8; int8 [out, in] where a block is all inputs
     * @param scales float32 [out, blocks]; [out] where a block is all inputs
     */
    record Matrix(BlockSource source, WeightCode code, TensorInfo codes, TensorInfo scales) {}

    private record Copy(TensorInfo source, TensorInfo place) {}

    /**
     * A matrix in 4 bits.
     *
     * @param transposed whether the matrix is stored as [in, out]
     */
    Matrix int4(TensorInfo source, boolean transposed) {
        return matrices.computeIfAbsent(source.name(), name -> {
            WeightCode code = WeightCode.int4();
            BlockSource blocks = new BlockSource(source, transposed, code.values());
            long out = blocks.outputs();
            long perOutput = blocks.blocks();
            return new Matrix(
                    blocks,
                    code,
                    place(name + ".int4", DataType.UINT8, List.of(out, perOutput, (long) code.bytes())),
                    place(name + ".scales", DataType.FLOAT32, List.of(out, perOutput)));
        });
    }

    /**
     * A matrix in 8 bits.
     *
     * @param transposed whether the matrix is stored as [in, out]
     */
    Matrix int8(TensorInfo source, boolean transposed) {
        return matrices.computeIfAbsent(source.name(), name -> {
            int inputs = Math.toIntExact(source.shape().get(transposed ? 0 : 1));
            BlockSource whole = new BlockSource(source, transposed, inputs);
            long out = whole.outputs();
            return new Matrix(
                    whole,
                    WeightCode.int8(inputs),
                    place(name + ".int8", DataType.INT8, List.of(out, (long) inputs)),
                    place(name + ".scales", DataType.FLOAT32, List.of(out)));
        });
    }

    /** A tensor as it is. */
    TensorInfo copy(TensorInfo source) {
        return copies.computeIfAbsent(
                        source.name(), name -> new Copy(source, place(name, source.type(), source.shape())))
                .place();
    }

    private TensorInfo place(String name, DataType type, List<Long> shape) {
        long bytes = type.bytes();
        for (long d : shape) {
            bytes = Math.multiplyExact(bytes, d);
        }
        long at = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        end = at + bytes;
        return new TensorInfo(name, type, shape, Path.of(FILE), at, bytes);
    }

    /**
     * The folder with the file, written first if this is the first time.
     *
     * @param graph that refers to the places
     * @throws ModelException if the cache cannot be written
     */
    Path write(byte[] graph) {
        try {
            List<Path> sources = new ArrayList<>();
            matrices.values().forEach(m -> sources.add(m.source().file()));
            copies.values().forEach(c -> sources.add(c.source().file()));
            String key =
                    PackedModels.key(graph, sources.stream().distinct().sorted().toList());
            Path folder = ModelCache.ofMachine()
                    .get(PackedModels.PREFIX + "integers-" + key, PackedModels::intact, this::fill);
            PackedModels.used(folder);
            return folder;
        } catch (IOException e) {
            throw new ModelException("Cannot read the weights: " + e.getMessage(), e);
        }
    }

    private void fill(Path directory) throws IOException {
        PackedModels.requireRoom(directory, end);
        try (FileChannel out =
                FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (Copy copy : copies.values()) {
                copy(copy, out);
            }
            for (Matrix matrix : matrices.values()) {
                quantize(matrix, out);
            }
        }
        PackedModels.seal(directory);
    }

    private static void copy(Copy copy, FileChannel out) throws IOException {
        try (FileChannel in = FileChannel.open(copy.source().file(), StandardOpenOption.READ)) {
            long done = 0;
            out.position(copy.place().offset());
            while (done < copy.source().length()) {
                long n = in.transferTo(
                        copy.source().offset() + done, copy.source().length() - done, out);
                if (n <= 0) {
                    throw new IOException(copy.source().file() + " ends within "
                            + copy.source().name());
                }
                done += n;
            }
        }
    }

    private static void quantize(Matrix matrix, FileChannel out) throws IOException {
        BlockSource source = matrix.source();
        WeightCode code = matrix.code();
        int blocks = source.blocks();
        int rows = source.rowsAtOnce();
        float[] values = new float[rows * blocks * code.values()];
        byte[] codes = new byte[rows * blocks * code.bytes()];
        ByteBuffer scales = ByteBuffer.allocate(4 * rows * blocks).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel in = FileChannel.open(source.file(), StandardOpenOption.READ)) {
            for (int first = 0; first < source.outputs(); first += rows) {
                int count = Math.min(rows, source.outputs() - first) * blocks;
                source.read(in, first, values);
                scales.clear();
                for (int block = 0; block < count; block++) {
                    scales.putFloat(
                            code.quantizer().quantize(values, block * code.values(), codes, block * code.bytes()));
                }
                long at = (long) first * blocks;
                writeFully(
                        out,
                        ByteBuffer.wrap(codes, 0, count * code.bytes()),
                        matrix.codes().offset() + at * code.bytes());
                writeFully(out, scales.flip(), matrix.scales().offset() + 4 * at);
            }
        }
    }

    private static void writeFully(FileChannel out, ByteBuffer data, long position) throws IOException {
        while (data.hasRemaining()) {
            position += out.write(data, position);
        }
    }
}

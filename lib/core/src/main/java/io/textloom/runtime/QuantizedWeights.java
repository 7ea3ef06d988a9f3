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
 * The weights of a graph of few bits, in a file of their own in the machine's {@link ModelCache}: matrices in blocks of 4-bit integers, all else as it
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
     * @param codes uint8 [out, blocks, bytes of a block]
     * @param scales float32 [out, blocks]
     */
    record Matrix(BlockSource source, TensorInfo codes, TensorInfo scales) {}

    private record Copy(TensorInfo source, TensorInfo place) {}

    /** @param transposed whether the matrix is stored as [in, out] */
    Matrix matrix(TensorInfo source, boolean transposed) {
        return matrices.computeIfAbsent(source.name(), name -> {
            BlockSource blocks = new BlockSource(source, transposed);
            List<Long> codes = List.of((long) blocks.outputs(), (long) blocks.blocks(), (long) Int4Blocks.BYTES);
            List<Long> scales = List.of((long) blocks.outputs(), (long) blocks.blocks());
            return new Matrix(
                    blocks,
                    place(name + ".int4", DataType.UINT8, codes),
                    place(name + ".scales", DataType.FLOAT32, scales));
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
            Path folder =
                    ModelCache.ofMachine().get(PackedModels.PREFIX + "int4-" + key, PackedModels::intact, this::fill);
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
        int blocks = source.blocks();
        int rows = source.rowsAtOnce();
        float[] values = new float[rows * blocks * Int4Blocks.VALUES];
        byte[] codes = new byte[rows * blocks * Int4Blocks.BYTES];
        ByteBuffer scales = ByteBuffer.allocate(4 * rows * blocks).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel in = FileChannel.open(source.file(), StandardOpenOption.READ)) {
            for (int first = 0; first < source.outputs(); first += rows) {
                int count = Math.min(rows, source.outputs() - first) * blocks;
                source.read(in, first, values);
                scales.clear();
                for (int block = 0; block < count; block++) {
                    scales.putFloat(
                            Int4Blocks.quantize(values, block * Int4Blocks.VALUES, codes, block * Int4Blocks.BYTES));
                }
                long at = (long) first * blocks;
                writeFully(
                        out,
                        ByteBuffer.wrap(codes, 0, count * Int4Blocks.BYTES),
                        matrix.codes().offset() + at * Int4Blocks.BYTES);
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

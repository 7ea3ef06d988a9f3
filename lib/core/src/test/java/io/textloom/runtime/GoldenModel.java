package io.textloom.runtime;

import io.textloom.model.Safetensors;
import io.textloom.model.TensorInfo;
import io.textloom.tensor.DataType;
import io.textloom.token.TokenBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A folder with the values that transformers computes: below golden/architectures, see architecture_goldens.py, or golden/decoders, see decoder_goldens.py. */
public final class GoldenModel {
    private final Path folder;
    private final Map<String, TensorInfo> expected;
    private final byte[] file;

    private GoldenModel(Path folder) throws IOException {
        this.folder = folder;
        Path values = folder.resolve("expected.safetensors");
        this.expected = Safetensors.read(values);
        this.file = Files.readAllBytes(values);
    }

    static GoldenModel read(String name) {
        try {
            return new GoldenModel(all("architectures").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder golden/elmo; see elmo_goldens.py. */
    static GoldenModel elmo() {
        try {
            return new GoldenModel(all("elmo"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static GoldenModel decoder(String name) {
        try {
            return new GoldenModel(all("decoders").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of all decoders, in order. */
    public static List<String> decoders() {
        try (Stream<Path> folders = Files.list(all("decoders"))) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder below golden/score; see score_goldens.py. */
    static GoldenModel scored(String name) {
        try {
            return new GoldenModel(all("score").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of all folders below golden/score, in order. */
    static List<String> scored() {
        try (Stream<Path> folders = Files.list(all("score"))) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names of all folders that hold this tensor, in order. */
    static List<String> having(String tensor) {
        try (Stream<Path> folders = Files.list(all("architectures"))) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> read(name).has(tensor))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path all(String kind) {
        try {
            return Path.of(GoldenModel.class.getResource("/golden/" + kind).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public Path folder() {
        return folder;
    }

    public boolean has(String name) {
        return expected.containsKey(name);
    }

    /** Number of the last of the tensors {@code prefix + 0, 1, …}. */
    int layers(String prefix) {
        int layer = 0;
        while (has(prefix + (layer + 1))) {
            layer++;
        }
        return layer;
    }

    public float[] floats(String name) {
        ByteBuffer bytes = bytes(name, DataType.FLOAT32);
        float[] values = new float[bytes.remaining() / 4];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    public int[] ints(String name) {
        ByteBuffer bytes = bytes(name, DataType.INT32);
        int[] values = new int[bytes.remaining() / 4];
        bytes.asIntBuffer().get(values);
        return values;
    }

    /** All rows, with token types where there are any. */
    TokenBatch batch() {
        int[] ids = ints("ids");
        return new TokenBatch(ids, ints("offsets"), has("types") ? ints("types") : new int[ids.length]);
    }

    TokenBatch row(int row) {
        TokenBatch all = batch();
        int from = all.offset(row);
        int to = from + all.length(row);
        return new TokenBatch(
                Arrays.copyOfRange(all.ids(), from, to),
                new int[] {0, to - from},
                Arrays.copyOfRange(all.types(), from, to));
    }

    /** The part of {@code values} that is one row's. */
    float[] ofRow(float[] values, int row, boolean perToken) {
        TokenBatch all = batch();
        int width = values.length / (perToken ? all.totalTokens() : all.size());
        int from = perToken ? all.offset(row) : row;
        int count = perToken ? all.length(row) : 1;
        return Arrays.copyOfRange(values, from * width, (from + count) * width);
    }

    private ByteBuffer bytes(String name, DataType type) {
        TensorInfo info = expected.get(name);
        if (info == null || info.type() != type) {
            throw new IllegalArgumentException(folder + " has no " + type + " tensor " + name);
        }
        return ByteBuffer.wrap(file, (int) info.offset(), (int) info.length())
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}

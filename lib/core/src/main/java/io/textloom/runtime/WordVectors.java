package io.textloom.runtime;

import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.TensorInfo;
import io.textloom.model.WordVectorSpec;
import io.textloom.tensor.DataType;
import io.textloom.tensor.Pooling;
import io.textloom.tensor.Precision;
import io.textloom.tensor.Vectors;
import io.textloom.token.TokenBatch;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A table of word vectors: a row's vector is pooled from those of its words that have one. The file is mapped, so that all processes of a machine share it. Immutable.
 */
final class WordVectors implements Encoder {
    /** Most of the file that one map holds; unit: bytes */
    private static final int MAP_BYTES = 1 << 30;

    private final WordVectorSpec spec;
    private final EncoderRequest request;
    private final Pooling pooling;
    private final PhraseTable phrases;
    private final int rowsPerMap;
    private final FloatBuffer[] maps;

    private WordVectors(
            WordVectorSpec spec, EncoderRequest request, PhraseTable phrases, int rowsPerMap, FloatBuffer[] maps) {
        this.spec = spec;
        this.request = request;
        this.pooling = request.pooling().orElse(Pooling.MEAN);
        this.phrases = phrases;
        this.rowsPerMap = rowsPerMap;
        this.maps = maps;
    }

    static WordVectors open(ModelFolder folder, EncoderRequest request) {
        WordVectorSpec spec = (WordVectorSpec) folder.encoderSpec();
        check(folder, request);
        request.layersOf(spec.layers());
        TensorInfo tensor = folder.weights()
                .orElseThrow(
                        () -> new ModelException(folder + " has no model.safetensors; word vectors are read from that"))
                .get(WordVectorSpec.VECTORS)
                .requireShape(spec.vocabulary(), spec.hidden());
        if (tensor.type() != DataType.FLOAT32) {
            throw new ModelException("The word vectors of " + folder + " are " + tensor.type()
                    + "; expected float32, import them again");
        }
        PhraseTable phrases =
                PhraseTable.read(folder.path().resolve(WordVectorSpec.PHRASES), spec.vocabulary(), spec.words());
        int rowsPerMap = Math.max(1, MAP_BYTES / (4 * spec.hidden()));
        return new WordVectors(spec, request, phrases, rowsPerMap, map(tensor, spec, rowsPerMap));
    }

    private static void check(ModelFolder folder, EncoderRequest request) {
        request.pooling().ifPresent(pooling -> {
            if (pooling != Pooling.MEAN && pooling != Pooling.MEAN_SQRT_LEN && pooling != Pooling.MAX) {
                throw new IllegalArgumentException("embed.pooling is " + pooling + " but " + folder
                        + " is a table of word vectors; expected mean, mean-sqrt-len or max");
            }
        });
        if (request.precision() != Precision.FLOAT32) {
            throw new IllegalArgumentException("embed.precision is " + request.precision() + " but " + folder
                    + " is a table of word vectors, which computes in float32 alone");
        }
    }

    private static FloatBuffer[] map(TensorInfo tensor, WordVectorSpec spec, int rowsPerMap) {
        FloatBuffer[] maps = new FloatBuffer[(spec.vocabulary() + rowsPerMap - 1) / rowsPerMap];
        try (FileChannel channel = FileChannel.open(tensor.file(), StandardOpenOption.READ)) {
            for (int i = 0; i < maps.length; i++) {
                long from = 4L * spec.hidden() * rowsPerMap * i;
                long length = Math.min(4L * spec.hidden() * rowsPerMap, tensor.length() - from);
                maps[i] = channel.map(FileChannel.MapMode.READ_ONLY, tensor.offset() + from, length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer();
            }
        } catch (IOException e) {
            throw new ModelException("Cannot read the word vectors of " + tensor.file() + ": " + e.getMessage(), e);
        }
        return maps;
    }

    @Override
    public WordVectorSpec spec() {
        return spec;
    }

    @Override
    public int rowWidth() {
        return request.pooling().isPresent() ? spec.hidden() : 0;
    }

    @Override
    public int tokenWidth() {
        return request.tokenVectors() ? spec.hidden() : 0;
    }

    @Override
    public int unknown(int[] ids, int from, int to) {
        int[] units = Arrays.copyOfRange(ids, from, to);
        int[] words = new int[units.length];
        int count = phrases.join(units, words);
        int unknown = 0;
        for (int i = 0; i < count; i++) {
            unknown += units[i] < spec.words() ? 0 : words[i];
        }
        return unknown;
    }

    @Override
    public void run(TokenBatch batch, float[] rows, float[] tokens) {
        float[] vector = new float[spec.hidden()];
        for (int row = 0; row < batch.size(); row++) {
            int from = batch.offset(row);
            int[] units = Arrays.copyOfRange(batch.ids(), from, from + batch.length(row));
            for (int id : units) {
                if (id < 0 || id >= spec.vocabulary()) {
                    throw new IllegalArgumentException("Token id " + id + " is outside the model's vocabulary of "
                            + spec.vocabulary() + "; tokenizer.json and the weights belong to different models");
                }
            }
            int[] words = new int[units.length];
            int count = phrases.join(units, words);
            if (rowWidth() > 0) {
                pool(units, count, vector, rows, row * spec.hidden());
            }
            if (tokenWidth() > 0) {
                spread(units, words, count, vector, tokens, from * spec.hidden());
            }
        }
    }

    /** A row without a known word becomes zeros. */
    private void pool(int[] units, int count, float[] vector, float[] rows, int at) {
        int d = spec.hidden();
        Arrays.fill(rows, at, at + d, pooling == Pooling.MAX ? Float.NEGATIVE_INFINITY : 0);
        int known = 0;
        for (int i = 0; i < count; i++) {
            if (units[i] < spec.words()) {
                read(units[i], vector);
                known++;
                if (pooling == Pooling.MAX) {
                    for (int k = 0; k < d; k++) {
                        rows[at + k] = Math.max(rows[at + k], vector[k]);
                    }
                } else {
                    for (int k = 0; k < d; k++) {
                        rows[at + k] += vector[k];
                    }
                }
            }
        }
        if (known == 0) {
            Arrays.fill(rows, at, at + d, 0);
        } else if (pooling != Pooling.MAX) {
            float weight = pooling.weight(0, known);
            for (int k = 0; k < d; k++) {
                rows[at + k] *= weight;
            }
        }
        if (request.normalize()) {
            Vectors.normalize(rows, at, d);
        }
    }

    /** Every word of a phrase has the phrase's vector; words that are not known have zeros. */
    private void spread(int[] units, int[] words, int count, float[] vector, float[] tokens, int at) {
        int d = spec.hidden();
        int place = at;
        for (int i = 0; i < count; i++) {
            if (units[i] < spec.words()) {
                read(units[i], vector);
                if (request.normalize() && request.pooling().isEmpty()) {
                    Vectors.normalize(vector, 0, d);
                }
            } else {
                Arrays.fill(vector, 0);
            }
            for (int word = 0; word < words[i]; word++) {
                System.arraycopy(vector, 0, tokens, place, d);
                place += d;
            }
        }
    }

    private void read(int id, float[] vector) {
        maps[id / rowsPerMap].get(id % rowsPerMap * spec.hidden(), vector);
    }

    /** Nothing to close: a map goes with its last user. */
    @Override
    public void close() {}
}

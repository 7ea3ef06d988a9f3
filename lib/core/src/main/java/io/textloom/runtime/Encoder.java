package io.textloom.runtime;

import io.textloom.model.Architecture;
import io.textloom.model.EncoderSpec;
import io.textloom.model.ModelFolder;
import io.textloom.token.TokenBatch;

/** Turns token batches into text vectors, token vectors, or both. Safe for concurrent use. */
public interface Encoder extends AutoCloseable {
    /**
     * @param threads native threads of one call; 1 where several tasks call at the same time
     * @throws io.textloom.model.ModelException if the folder's weights do not fit its config.json
     * @throws IllegalArgumentException if the model cannot give what is asked for
     */
    static Encoder open(ModelFolder folder, EncoderRequest request, Device device, int threads) {
        return folder.architecture() == Architecture.WORD2VEC
                ? WordVectors.open(folder, request)
                : EncoderSession.open(folder, request, device, threads);
    }

    EncoderSpec spec();

    /** Width of the vectors of rows; 0 if none were asked for. */
    int rowWidth();

    /** Width of the vectors of tokens; 0 if none were asked for. */
    int tokenWidth();

    /**
     * Runs one batch.
     *
     * @param rows float[rows * rowWidth], row-major, overwritten
     * @param tokens float[total tokens * tokenWidth], row-major, overwritten; padding has no place in it
     * @throws IllegalArgumentException if a row is empty, too long, or has an id outside the vocabulary, or if the batch is larger than buffers can be
     * @throws InferenceException if the device fails; {@link OutOfDeviceMemory} if a smaller batch may fit
     */
    void run(TokenBatch batch, float[] rows, float[] tokens);

    /** How many of the tokens {@code ids[from .. to)} of a row have no part in its vector, as the model knows nothing of them. */
    default int unknown(int[] ids, int from, int to) {
        return 0;
    }

    @Override
    void close();
}

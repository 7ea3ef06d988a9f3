package io.textloom.classify;

import io.textloom.model.ModelFolder;
import io.textloom.model.TrainedHeads;
import io.textloom.runtime.Device;
import io.textloom.token.Tokenizer;

/** A model that classifies, opened: one per executor, safe for concurrent use. */
public interface ClassifyModel extends AutoCloseable {
    /**
     * Opens a fine-tuned folder, or an encoder with heads on its frozen vectors.
     *
     * @param tokenizer the folder's own; closed with the model
     * @param threads native threads of one call
     * @throws io.textloom.model.ModelException if the folder has no head for the task
     * @throws IllegalArgumentException if the options do not fit the model
     */
    static ClassifyModel open(
            ModelFolder folder, ClassifyOptions options, Tokenizer tokenizer, Device device, int threads) {
        return TrainedHeads.isIn(folder)
                ? HeadedModel.open(folder, options, tokenizer, device, threads)
                : ClassifyingModel.open(folder, options, tokenizer, device, threads);
    }

    /** What the model is used for; never {@link ClassifyTask#AUTO}. */
    ClassifyTask task();

    /** For one caller at a time, to be closed by it; the model must stay open. */
    ClassifyEngine engine();

    @Override
    void close();
}

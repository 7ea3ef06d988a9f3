package io.textloom.classify;

import io.textloom.runtime.EncoderStats;
import java.util.List;

/** Texts to findings. For one caller at a time. */
public interface ClassifyEngine extends AutoCloseable {
    /**
     * @param stats added to
     * @return what became of each text, in the order of {@code texts}
     */
    List<ClassifyOutcome> classify(List<TextPair> texts, EncoderStats stats);

    @Override
    void close();
}

package io.textloom.spark.stage;

import io.textloom.classify.TextPair;
import io.textloom.runtime.EncoderStats;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * {@link GatheredWork} with documents that may have another text beside them.
 *
 * @param <A> what the model answers
 */
abstract class SideTextWork<A> extends GatheredWork {
    private final Optional<SideText> side;

    /**
     * Takes ownership of lease and engine.
     *
     * @param engine on the leased model
     */
    SideTextWork(ExecutorModels.Lease<?> lease, AutoCloseable engine, Optional<SideText> side) {
        super(lease, engine);
        this.side = side;
    }

    /** @return an answer to each, in their order */
    abstract List<A> answer(List<TextPair> texts, EncoderStats stats);

    /** What becomes of a document; a row is given to {@link #produced}. */
    abstract Outcome outcome(Document document, A answer);

    @Override
    final void work(List<Document> documents, ArrayDeque<Outcome> out) {
        SideTexts texts = new SideTexts(documents, side);
        Iterator<A> answers = answer(texts.pairs(), stats).iterator();
        for (int i = 0; i < documents.size(); i++) {
            Document document = documents.get(i);
            out.add(
                    texts.isComplete(i)
                            ? outcome(document, answers.next())
                            : new Outcome.Rejected(document, texts.rejection()));
        }
    }
}

package io.textloom.spark.stage;

import io.textloom.classify.TextPair;
import io.textloom.runtime.EncoderStats;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * One task's work with a model that gives one row for each document, which may have another text beside it.
 *
 * @param <A> what the model answers
 */
abstract class SideTextWork<A> implements Stage.Work {
    private final ExecutorModels.Lease<?> lease;
    private final AutoCloseable engine;
    private final Optional<SideText> side;
    private final EncoderStats stats = new EncoderStats();
    private long truncatedRows;
    private long droppedTokens;

    /**
     * Takes ownership of both.
     *
     * @param engine on the leased model
     */
    SideTextWork(ExecutorModels.Lease<?> lease, AutoCloseable engine, Optional<SideText> side) {
        this.lease = lease;
        this.engine = engine;
        this.side = side;
    }

    /** @return an answer to each, in their order */
    abstract List<A> answer(List<TextPair> texts, EncoderStats stats);

    /** What becomes of a document; a row is given to {@link #produced}. */
    abstract Outcome outcome(Document document, A answer);

    final Outcome produced(Document document, Object[] values, int tokens, int dropped) {
        truncatedRows += dropped > 0 ? 1 : 0;
        droppedTokens += dropped;
        return new Outcome.Produced(document, values, tokens, true);
    }

    @Override
    public final Iterator<Outcome> run(Iterator<Document> documents) {
        return new GatheredDocuments(documents, this::work);
    }

    private void work(List<Document> documents, ArrayDeque<Outcome> out) {
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

    @Override
    public final Meter meter() {
        return Meter.of(stats, truncatedRows, droppedTokens);
    }

    @Override
    public final void close() {
        try (lease) {
            engine.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("A model's engine could not be closed", e);
        }
    }
}

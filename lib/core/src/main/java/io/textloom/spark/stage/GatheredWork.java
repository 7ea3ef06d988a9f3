package io.textloom.spark.stage;

import io.textloom.runtime.EncoderStats;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;

/** One task's work with a model that gives one row for each document and takes many documents at a time. */
abstract class GatheredWork implements Stage.Work {
    final EncoderStats stats = new EncoderStats();
    private final ExecutorModels.Lease<?> lease;
    private final AutoCloseable engine;
    private long truncatedRows;
    private long droppedTokens;

    /**
     * Takes ownership of both.
     *
     * @param engine on the leased model
     */
    GatheredWork(ExecutorModels.Lease<?> lease, AutoCloseable engine) {
        this.lease = lease;
        this.engine = engine;
    }

    /** @param out given what became of each document, in their order; a row is given to {@link #produced} */
    abstract void work(List<Document> documents, ArrayDeque<Outcome> out);

    /** @param dropped tokens of the document that the row does not tell of */
    final Outcome produced(Document document, Object[] values, int tokens, int dropped) {
        truncatedRows += dropped > 0 ? 1 : 0;
        droppedTokens += dropped;
        return new Outcome.Produced(document, values, tokens, true);
    }

    @Override
    public final Iterator<Outcome> run(Iterator<Document> documents) {
        return new GatheredDocuments(documents, this::work);
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

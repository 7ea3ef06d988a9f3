package io.textloom.spark.stage;

import io.textloom.embed.CutText;
import io.textloom.embed.EmbedOutcome;
import io.textloom.embed.EmbedStats;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** One task's embedding: gathers documents, cuts them (ahead of the model where a core is free), embeds them many at a time. */
final class EmbedWork implements Stage.Work {
    private final List<EmbedEngine> engines;
    private final EmbedRows rows;
    private final EmbedStats stats = new EmbedStats();
    private final Ahead ahead = new Ahead("textloom-tokenizer");

    EmbedWork(List<EmbedEngine> engines, EmbedRows rows) {
        this.engines = engines;
        this.rows = rows;
    }

    @Override
    public Iterator<Outcome> run(Iterator<Document> documents) {
        return new Iterator<>() {
            private final ArrayDeque<Outcome> ready = new ArrayDeque<>();
            private @Nullable Gathered next;

            @Override
            public boolean hasNext() {
                while (ready.isEmpty() && (next != null || documents.hasNext())) {
                    Gathered current = next != null ? next : gather(documents);
                    // documents are read here, by the task's own thread; only their texts are cut by the other
                    next = documents.hasNext() && engines.get(0).hasIdleCores() ? gather(documents) : null;
                    embed(current, ready);
                }
                return !ready.isEmpty();
            }

            @Override
            public Outcome next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return ready.remove();
            }
        };
    }

    /** @param cut for each engine a text's windows */
    private record Gathered(List<Document> documents, Ahead.Result<List<List<CutText>>> cut) {}

    private Gathered gather(Iterator<Document> documents) {
        List<Document> gathered = GatheredDocuments.gather(documents);
        List<String> texts = gathered.stream().map(Document::text).toList();
        return new Gathered(gathered, ahead.run(engines.get(0).hasIdleCores(), () -> cut(texts)));
    }

    private List<List<CutText>> cut(List<String> texts) {
        return engines.stream().map(engine -> engine.embedder.cut(texts, stats)).toList();
    }

    private void embed(Gathered gathered, ArrayDeque<Outcome> ready) {
        List<List<CutText>> cut = gathered.cut.get();
        List<List<EmbedOutcome>> byEngine = new ArrayList<>();
        for (int i = 0; i < engines.size(); i++) {
            byEngine.add(engines.get(i).embedder.embedCut(cut.get(i), stats));
        }
        for (int i = 0; i < gathered.documents.size(); i++) {
            int place = i;
            rows.add(
                    gathered.documents.get(i),
                    byEngine.stream().map(outcomes -> outcomes.get(place)).toList(),
                    ready);
        }
    }

    @Override
    public Meter meter() {
        return rows.meter(stats);
    }

    @Override
    public void close() {
        ahead.close();
        engines.forEach(EmbedEngine::close);
    }
}

package io.textloom.spark.stage;

import io.textloom.embed.CutText;
import io.textloom.embed.EmbedOutcome;
import io.textloom.embed.EmbedStats;
import io.textloom.embed.Window;
import io.textloom.embed.WindowVectors;
import io.textloom.text.Rejection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * A large document's windows, computed in runs of {@link Splitting#PART_TOKENS} on many tasks.
 *
 * <p>A part is the number of its engine, the document's dropped tokens, and windows; its result the same with each window's vectors behind it. The joiner
 * holds one part's windows and vectors, or all of one document's where they are combined.
 */
final class EmbedSplitting implements Splitting {
    private static final long serialVersionUID = 1;

    private final EmbedStage stage;

    EmbedSplitting(EmbedStage stage) {
        this.stage = stage;
    }

    @Override
    public Cutter openCutter(Configuration conf) {
        List<EmbedEngine> engines = stage.engines(conf);
        return new Cutter() {
            private final EmbedStats stats = new EmbedStats();

            @Override
            public Cut cut(Document document) {
                List<CutText> cuts = new ArrayList<>();
                for (EmbedEngine engine : engines) {
                    CutText cut =
                            engine.embedder.cut(List.of(document.text()), stats).get(0);
                    if (cut.rejection().isPresent()) {
                        return new Cut.Rejected(cut.rejection().get());
                    }
                    cuts.add(cut);
                }
                return new Cut.Parts(EmbedPiece.parts(cuts));
            }

            @Override
            public Meter meter() {
                return Meter.of(stats, 0, 0);
            }

            @Override
            public void close() {
                engines.forEach(EmbedEngine::close);
            }
        };
    }

    @Override
    public PartWork openParts(Configuration conf) {
        List<EmbedEngine> engines = stage.engines(conf);
        return new PartWork() {
            private final EmbedStats stats = new EmbedStats();

            @Override
            public Iterator<PartResult> run(Iterator<Part> parts) {
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return parts.hasNext();
                    }

                    @Override
                    public PartResult next() {
                        return compute(EmbedPiece.read(parts.next().bytes(), false), engines, stats);
                    }
                };
            }

            @Override
            public Meter meter() {
                return Meter.of(stats, 0, 0);
            }

            @Override
            public void close() {
                engines.forEach(EmbedEngine::close);
            }
        };
    }

    private static PartResult compute(EmbedPiece piece, List<EmbedEngine> engines, EmbedStats stats) {
        List<WindowVectors> vectors = engines.get(piece.engine()).embedder.run(piece.windows(), stats);
        for (WindowVectors v : vectors) {
            Optional<Rejection> rejection = v.rejection();
            if (rejection.isPresent()) {
                return PartResult.rejected(rejection.get());
            }
        }
        return PartResult.of(piece.with(vectors).bytes());
    }

    @Override
    public Joiner openJoiner(Configuration conf) {
        List<EmbedEngine> engines = stage.engines(conf);
        EmbedRows rows = stage.rows();
        return new Joiner() {
            @Override
            public Iterator<Outcome> join(Document document, Iterator<byte[]> results) {
                return engines.get(0).model().combines()
                        ? combined(document, results, engines, rows)
                        : new RowIterator(document, results, engines, rows);
            }

            @Override
            public Meter meter() {
                return rows.meter(new EmbedStats());
            }

            @Override
            public void close() {
                engines.forEach(EmbedEngine::close);
            }
        };
    }

    private static Iterator<Outcome> combined(
            Document document, Iterator<byte[]> results, List<EmbedEngine> engines, EmbedRows rows) {
        List<List<Window>> windows = new ArrayList<>();
        List<List<WindowVectors>> vectors = new ArrayList<>();
        int[] dropped = new int[engines.size()];
        int[] unknown = new int[engines.size()];
        engines.forEach(e -> {
            windows.add(new ArrayList<>());
            vectors.add(new ArrayList<>());
        });
        while (results.hasNext()) {
            EmbedPiece piece = EmbedPiece.read(results.next(), true);
            windows.get(piece.engine()).addAll(piece.windows());
            vectors.get(piece.engine()).addAll(piece.vectors());
            dropped[piece.engine()] = piece.dropped();
            unknown[piece.engine()] = piece.unknown();
        }
        List<EmbedOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < engines.size(); i++) {
            CutText cut = new CutText(windows.get(i), dropped[i], unknown[i], Optional.empty());
            outcomes.add(engines.get(i).model().outcome(cut, vectors.get(i)));
        }
        ArrayDeque<Outcome> out = new ArrayDeque<>();
        rows.add(document, outcomes, out);
        return out.iterator();
    }

    /** Rows window by window, part by part. */
    private static final class RowIterator implements Iterator<Outcome> {
        private final Document document;
        private final Iterator<byte[]> results;
        private final List<EmbedEngine> engines;
        private final EmbedRows rows;
        private final ArrayDeque<Outcome> ready = new ArrayDeque<>();
        private int engine = -1;
        private int chunk;
        private int dropped;

        RowIterator(Document document, Iterator<byte[]> results, List<EmbedEngine> engines, EmbedRows rows) {
            this.document = document;
            this.results = results;
            this.engines = engines;
            this.rows = rows;
        }

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && results.hasNext()) {
                add(EmbedPiece.read(results.next(), true));
            }
            return !ready.isEmpty();
        }

        private void add(EmbedPiece piece) {
            if (piece.engine() != engine) {
                engine = piece.engine();
                chunk = 0;
                dropped += piece.dropped();
            }
            boolean last = !results.hasNext();
            rows.add(
                    document,
                    engine,
                    engines.get(engine)
                            .model()
                            .chunks(piece.windows(), piece.vectors(), piece.dropped(), piece.unknown(), chunk),
                    last,
                    ready);
            chunk += piece.windows().size();
            if (last) {
                rows.cut(dropped);
            }
        }

        @Override
        public Outcome next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ready.remove();
        }
    }
}

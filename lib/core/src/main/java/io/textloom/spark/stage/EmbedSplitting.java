package io.textloom.spark.stage;

import io.textloom.embed.CutText;
import io.textloom.embed.EmbedOutcome;
import io.textloom.embed.EmbedStats;
import io.textloom.embed.Window;
import io.textloom.embed.WindowCodec;
import io.textloom.embed.WindowVectors;
import io.textloom.text.Rejection;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * A large document's windows, computed in runs of {@link Splitting#PART_TOKENS} on many tasks.
 *
 * <p>A part is the number of its engine, the document's dropped tokens, and windows; its result the same with each window's vectors behind it. The joiner
 * holds one document's windows and vectors.
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
                return new Cut.Parts(new PartIterator(cuts));
            }

            @Override
            public Meter meter() {
                return EmbedRows.work(stats);
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
                        return compute(Piece.read(parts.next().bytes(), false), engines, stats);
                    }
                };
            }

            @Override
            public Meter meter() {
                return EmbedRows.work(stats);
            }

            @Override
            public void close() {
                engines.forEach(EmbedEngine::close);
            }
        };
    }

    private static PartResult compute(Piece piece, List<EmbedEngine> engines, EmbedStats stats) {
        List<WindowVectors> vectors = engines.get(piece.engine).embedder.run(piece.windows, stats);
        for (WindowVectors v : vectors) {
            Optional<Rejection> rejection = v.rejection();
            if (rejection.isPresent()) {
                return PartResult.rejected(rejection.get());
            }
        }
        return PartResult.of(new Piece(piece.engine, piece.dropped, piece.windows, vectors).bytes());
    }

    @Override
    public Joiner openJoiner(Configuration conf) {
        List<EmbedEngine> engines = stage.engines(conf);
        EmbedRows rows = stage.rows();
        return new Joiner() {
            @Override
            public Iterator<Outcome> join(Document document, Iterator<byte[]> results) {
                List<List<Window>> windows = new ArrayList<>();
                List<List<WindowVectors>> vectors = new ArrayList<>();
                int[] dropped = new int[engines.size()];
                engines.forEach(e -> {
                    windows.add(new ArrayList<>());
                    vectors.add(new ArrayList<>());
                });
                while (results.hasNext()) {
                    Piece piece = Piece.read(results.next(), true);
                    windows.get(piece.engine).addAll(piece.windows);
                    vectors.get(piece.engine).addAll(piece.vectors);
                    dropped[piece.engine] = piece.dropped;
                }
                List<EmbedOutcome> outcomes = new ArrayList<>();
                for (int i = 0; i < engines.size(); i++) {
                    CutText cut = new CutText(windows.get(i), dropped[i], Optional.empty());
                    outcomes.add(engines.get(i).model().outcome(cut, vectors.get(i)));
                }
                ArrayDeque<Outcome> out = new ArrayDeque<>();
                rows.add(document, outcomes, out);
                return out.iterator();
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

    /** Runs of windows, engine by engine. */
    private static final class PartIterator implements Iterator<Part> {
        private final List<CutText> cuts;
        private int engine;
        private int window;
        private @Nullable Part next;

        PartIterator(List<CutText> cuts) {
            this.cuts = cuts;
        }

        @Override
        public boolean hasNext() {
            if (next == null && engine < cuts.size()) {
                next = take();
            }
            return next != null;
        }

        @Override
        public Part next() {
            if (!hasNext() || next == null) {
                throw new NoSuchElementException();
            }
            Part part = next;
            next = null;
            return part;
        }

        private Part take() {
            CutText cut = cuts.get(engine);
            int from = window;
            int tokens = 0;
            while (window < cut.windows().size()
                    && (window == from || tokens + cut.windows().get(window).ids().length <= PART_TOKENS)) {
                tokens += cut.windows().get(window).ids().length;
                window++;
            }
            Piece piece = new Piece(engine, cut.dropped(), cut.windows().subList(from, window), List.of());
            if (window == cut.windows().size()) {
                engine++;
                window = 0;
            }
            return new Part(piece.bytes(), tokens);
        }
    }

    /** @param vectors of the windows, or empty while they are not computed */
    private record Piece(int engine, int dropped, List<Window> windows, List<WindowVectors> vectors) {
        byte[] bytes() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                out.writeInt(engine);
                out.writeInt(dropped);
                out.writeInt(windows.size());
                for (int i = 0; i < windows.size(); i++) {
                    WindowCodec.write(windows.get(i), out);
                    if (!vectors.isEmpty()) {
                        WindowCodec.write(vectors.get(i), out);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }

        static Piece read(byte[] bytes, boolean computed) {
            try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                int engine = in.readInt();
                int dropped = in.readInt();
                int count = in.readInt();
                List<Window> windows = new ArrayList<>(count);
                List<WindowVectors> vectors = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    windows.add(WindowCodec.readWindow(in));
                    if (computed) {
                        vectors.add(WindowCodec.readVectors(in));
                    }
                }
                return new Piece(engine, dropped, windows, vectors);
            } catch (IOException e) {
                throw new UncheckedIOException("A part's bytes are damaged", e);
            }
        }
    }
}

package io.textloom.spark.stage;

import io.textloom.embed.CutText;
import io.textloom.embed.Window;
import io.textloom.embed.WindowCodec;
import io.textloom.embed.WindowVectors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A run of a large document's windows, on its way between machines.
 *
 * @param engine number of the model that is to compute them
 * @param dropped what of the document is behind that model's last window; unit: tokens
 * @param unknown what of it was in windows that were left out; unit: tokens
 * @param vectors of the windows, or empty while they are not computed
 */
record EmbedPiece(int engine, int dropped, int unknown, List<Window> windows, List<WindowVectors> vectors) {
    /** The same, computed. */
    EmbedPiece with(List<WindowVectors> computed) {
        return new EmbedPiece(engine, dropped, unknown, windows, computed);
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(engine);
            out.writeInt(dropped);
            out.writeInt(unknown);
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

    static EmbedPiece read(byte[] bytes, boolean computed) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int engine = in.readInt();
            int dropped = in.readInt();
            int unknown = in.readInt();
            int count = in.readInt();
            List<Window> windows = new ArrayList<>(count);
            List<WindowVectors> vectors = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                windows.add(WindowCodec.readWindow(in));
                if (computed) {
                    vectors.add(WindowCodec.readVectors(in));
                }
            }
            return new EmbedPiece(engine, dropped, unknown, windows, vectors);
        } catch (IOException e) {
            throw new UncheckedIOException("A part's bytes are damaged", e);
        }
    }

    /** The parts of a document that each model has cut, model by model; made as they are asked for. */
    static Iterator<Part> parts(List<CutText> cuts) {
        return new PartIterator(cuts);
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
                    && (window == from || tokens + cut.windows().get(window).ids().length <= Splitting.PART_TOKENS)) {
                tokens += cut.windows().get(window).ids().length;
                window++;
            }
            EmbedPiece piece = new EmbedPiece(
                    engine, cut.dropped(), cut.unknown(), cut.windows().subList(from, window), List.of());
            if (window == cut.windows().size()) {
                engine++;
                window = 0;
            }
            return new Part(piece.bytes(), tokens);
        }
    }
}

package io.textloom.embed;

import io.textloom.runtime.BatchPlanner;
import io.textloom.runtime.InferenceException;
import io.textloom.tensor.Vectors;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Texts to vectors: tokenize, cut into windows, sort, batch, run, put back in order. For one caller at a time; many may share the model.
 *
 * <p>Give it many texts at a time: sorting by length among a thousand texts or more is what keeps padding low. A text's vector does not depend on
 * the texts beside it, and windows with the same tokens are computed once.
 */
public final class Embedder implements AutoCloseable {
    private static final float[] NOTHING = new float[0];
    private static final WindowVectors NOT_RUN = new WindowVectors(NOTHING, NOTHING);

    private final EmbeddingModel model;
    private final BatchRunner runner;
    private final TextCutter cutter;
    private final RecentVectors recent;

    /** Runs one batch; the native model, or something that fails on purpose. */
    interface BatchRunner {
        /**
         * @param rows float[rows * hidden], row-major, overwritten
         * @param tokens float[total tokens * hidden], row-major, overwritten; empty unless token vectors are asked for
         */
        void run(TokenBatch batch, float[] rows, float[] tokens);
    }

    /** @param model stays the caller's to close */
    public Embedder(EmbeddingModel model) {
        this(model, model::run);
    }

    Embedder(EmbeddingModel model, BatchRunner runner) {
        this.model = model;
        this.runner = runner;
        this.cutter = model.cutter();
        this.recent = new RecentVectors(model.tokenVectors() ? 0 : RecentVectors.MAX_BYTES);
    }

    /**
     * @param stats added to
     * @return what became of each text, in the order of {@code texts}
     */
    public List<EmbedOutcome> embed(List<String> texts, EmbedStats stats) {
        return embedCut(cut(texts, stats), stats);
    }

    /** Texts to windows; no two threads at a time, but one may cut while another embeds. */
    public List<CutText> cut(List<String> texts, EmbedStats stats) {
        long start = System.nanoTime();
        List<CutText> cut = new ArrayList<>(texts.size());
        for (String text : texts) {
            cut.add(cutter.cut(text));
        }
        stats.tokenized(System.nanoTime() - start);
        return cut;
    }

    /** @return what became of each text, in the order of {@code texts} */
    public List<EmbedOutcome> embedCut(List<CutText> texts, EmbedStats stats) {
        List<Window> windows = new ArrayList<>(texts.size());
        for (CutText text : texts) {
            windows.addAll(text.windows());
        }
        List<WindowVectors> vectors = run(windows, stats);
        List<EmbedOutcome> outcomes = new ArrayList<>(texts.size());
        int at = 0;
        for (CutText text : texts) {
            int to = at + text.windows().size();
            outcomes.add(model.outcome(text, vectors.subList(at, to)));
            at = to;
        }
        return outcomes;
    }

    /** Vectors of windows, in their order. */
    public List<WindowVectors> run(List<Window> windows, EmbedStats stats) {
        Map<WindowKey, Integer> places = new HashMap<>();
        List<Slot> slots = new ArrayList<>();
        int[] slotOf = new int[windows.size()];
        for (int i = 0; i < slotOf.length; i++) {
            WindowKey key = new WindowKey(windows.get(i).ids());
            Integer place = places.putIfAbsent(key, slots.size());
            if (place == null) {
                slots.add(new Slot(key));
            } else {
                stats.reused(key.ids().length);
            }
            slotOf[i] = place == null ? slots.size() - 1 : place;
        }
        List<Slot> missing = new ArrayList<>();
        for (Slot slot : slots) {
            float[] known = recent.find(slot.key);
            if (known == null) {
                missing.add(slot);
            } else {
                slot.vectors = new WindowVectors(known, NOTHING);
                stats.reused(slot.ids().length);
            }
        }
        int[] lengths = missing.stream().mapToInt(slot -> slot.ids().length).toArray();
        for (int[] batch : BatchPlanner.plan(lengths, model.budget())) {
            runBatch(Arrays.stream(batch).mapToObj(missing::get).toList(), stats);
        }
        List<WindowVectors> vectors = new ArrayList<>(slotOf.length);
        for (int slot : slotOf) {
            vectors.add(slots.get(slot).vectors);
        }
        return vectors;
    }

    /** Runs a batch; if it fails, its halves, down to the row that fails alone. */
    private void runBatch(List<Slot> batchSlots, EmbedStats stats) {
        TokenBatch batch = TokenBatch.of(batchSlots.stream().map(Slot::ids).toList());
        float[] rows = new float[batchSlots.size() * model.rowWidth()];
        float[] tokens = new float[batch.totalTokens() * model.tokenWidth()];
        long start = System.nanoTime();
        try {
            runner.run(batch, rows, tokens);
        } catch (InferenceException | IllegalArgumentException e) {
            if (batchSlots.size() == 1) {
                batchSlots.get(0).vectors = new WindowVectors(InferenceException.rejection(e));
            } else {
                int half = batchSlots.size() / 2;
                runBatch(batchSlots.subList(0, half), stats);
                runBatch(batchSlots.subList(half, batchSlots.size()), stats);
            }
            return;
        }
        double flops = 0;
        for (int row = 0; row < batchSlots.size(); row++) {
            batchSlots.get(row).vectors = storable(batchSlots.get(row), model.vectors(batch, row, rows, tokens));
            flops += model.flops(batch.length(row));
        }
        stats.batch(
                batch.totalTokens(), (long) batchSlots.size() * batch.maxLength(), flops, System.nanoTime() - start);
    }

    private WindowVectors storable(Slot slot, WindowVectors vectors) {
        if (vectors.rejection().isPresent()) {
            return vectors;
        }
        if (!Vectors.isFinite(vectors.vector()) || !Vectors.isFinite(vectors.tokens())) {
            return new WindowVectors(
                    new Rejection(RejectCode.MODEL_FAILED, "The model gave a vector that is not finite"));
        }
        if (!model.vectorType().holds(vectors.vector())) {
            return new WindowVectors(new Rejection(
                    RejectCode.MODEL_FAILED,
                    "The vector has a value beyond the range of float16; set embed.vectorType to float32"));
        }
        recent.put(slot.key, vectors.vector());
        return vectors;
    }

    @Override
    public void close() {
        cutter.close();
    }

    /** Windows of the same tokens. */
    private static final class Slot {
        final WindowKey key;
        WindowVectors vectors = NOT_RUN;

        Slot(WindowKey key) {
            this.key = key;
        }

        int[] ids() {
            return key.ids();
        }
    }
}

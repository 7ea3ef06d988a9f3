package io.textloom.embed;

import io.textloom.runtime.ModelRunException;
import io.textloom.tensor.Vectors;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.TokenBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Texts to vectors: tokenize, cut into windows, sort, batch, run, put back in order. Safe for concurrent use.
 *
 * <p>Give it many texts at a time: sorting by length among a thousand texts or more is what keeps padding low. A text's vector does not depend on
 * the texts beside it.
 */
public final class Embedder {
    private final EmbeddingModel model;
    private final BatchRunner runner;

    /** Runs one batch; the native model, or something that fails on purpose. */
    interface BatchRunner {
        /** @param out float[rows * hidden], row-major, overwritten */
        void run(TokenBatch batch, float[] out);
    }

    /** @param model stays the caller's to close */
    public Embedder(EmbeddingModel model) {
        this(model, model::run);
    }

    Embedder(EmbeddingModel model, BatchRunner runner) {
        this.model = model;
        this.runner = runner;
    }

    /**
     * @param stats added to
     * @return what became of each text, in the order of {@code texts}
     */
    public List<EmbedOutcome> embed(List<String> texts, EmbedStats stats) {
        List<Document> documents = new ArrayList<>(texts.size());
        List<Row> rows = new ArrayList<>(texts.size());
        long start = System.nanoTime();
        int[] prompt = model.prompt().isEmpty() ? new int[0] : model.tokenizer().encode(model.prompt());
        for (String text : texts) {
            Document document = new Document();
            documents.add(document);
            try {
                cut(model.tokenizer().encode(model.prompt() + text), prompt, document, rows);
            } catch (RuntimeException e) {
                document.reject(RejectCode.TOKENIZER_FAILED, "The tokenizer failed: " + e.getMessage());
            }
        }
        stats.tokenized(System.nanoTime() - start);
        int[] lengths = rows.stream().mapToInt(r -> r.ids.length).toArray();
        for (int[] batch : BatchPlanner.plan(lengths, model.budget())) {
            run(Arrays.stream(batch).mapToObj(rows::get).toList(), stats);
        }
        return documents.stream().map(Document::outcome).toList();
    }

    /** Adds the windows of one document to {@code rows}; the prompt stands in front of every window. */
    private void cut(int[] ids, int[] prompt, Document document, List<Row> rows) {
        // the last token of the prompt may melt with the text's first: then the prompt is part of the text
        boolean apart =
                ids.length >= prompt.length && Arrays.mismatch(ids, 0, prompt.length, prompt, 0, prompt.length) < 0;
        int[] repeated = apart ? prompt : new int[0];
        int tokens = ids.length - repeated.length;
        Windows windows = model.windows();
        if (windows.longDocuments() == LongDocuments.ERROR && !windows.fits(tokens, repeated.length)) {
            document.reject(
                    RejectCode.TOO_LONG,
                    "The text has " + tokens + " tokens; the model takes " + windows.capacity(repeated.length)
                            + "; set embed.longDocuments to chunk or truncate");
            return;
        }
        List<Windows.Span> spans = windows.spans(tokens, repeated.length);
        int dropped = tokens - spans.get(spans.size() - 1).to();
        document.expect(spans.size());
        for (int i = 0; i < spans.size(); i++) {
            rows.add(new Row(document, i, dropped, windows.ids(repeated, ids, repeated.length, spans.get(i))));
        }
    }

    /** Runs a batch; if it fails, its halves, down to the row that fails alone. */
    private void run(List<Row> rows, EmbedStats stats) {
        TokenBatch batch = TokenBatch.of(rows.stream().map(r -> r.ids).toList());
        float[] out = new float[rows.size() * model.hidden()];
        long start = System.nanoTime();
        try {
            runner.run(batch, out);
        } catch (ModelRunException | IllegalArgumentException e) {
            if (rows.size() == 1) {
                rows.get(0).document.reject(RejectCode.MODEL_FAILED, "The model failed on this row: " + e.getMessage());
            } else {
                int half = rows.size() / 2;
                run(rows.subList(0, half), stats);
                run(rows.subList(half, rows.size()), stats);
            }
            return;
        }
        double flops = 0;
        for (int row = 0; row < rows.size(); row++) {
            rows.get(row).finish(model.vector(out, row));
            flops += model.flops(batch.length(row));
        }
        stats.batch(batch.totalTokens(), (long) rows.size() * batch.maxLength(), flops, System.nanoTime() - start);
    }

    /** One window on its way through the model. */
    private static final class Row {
        final Document document;
        final int chunk;
        final int dropped;
        final int[] ids;

        Row(Document document, int chunk, int dropped, int[] ids) {
            this.document = document;
            this.chunk = chunk;
            this.dropped = dropped;
            this.ids = ids;
        }

        void finish(float[] vector) {
            if (Vectors.isFinite(vector)) {
                document.put(new ChunkVector(chunk, vector, ids.length, dropped));
            } else {
                document.reject(RejectCode.MODEL_FAILED, "The model gave a vector that is not finite");
            }
        }
    }

    /** Gathers the vectors of one text. */
    private static final class Document {
        private Optional<Rejection> rejection = Optional.empty();
        private ChunkVector[] chunks = new ChunkVector[0];

        void expect(int windows) {
            chunks = new ChunkVector[windows];
        }

        void put(ChunkVector chunk) {
            chunks[chunk.chunkIndex()] = chunk;
        }

        void reject(RejectCode code, String message) {
            if (rejection.isEmpty()) {
                rejection = Optional.of(new Rejection(code, message));
            }
        }

        EmbedOutcome outcome() {
            return rejection
                    .<EmbedOutcome>map(EmbedOutcome.Rejected::new)
                    .orElseGet(() -> new EmbedOutcome.Embedded(List.of(chunks)));
        }
    }
}

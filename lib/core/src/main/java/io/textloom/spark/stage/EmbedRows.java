package io.textloom.spark.stage;

import io.textloom.embed.ChunkVector;
import io.textloom.embed.EmbedOutcome;
import io.textloom.embed.EmbedStats;
import io.textloom.embed.TokenVectors;
import io.textloom.table.EmbeddingTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/** Makes output rows of the vectors of documents, and counts what was cut off. */
final class EmbedRows {
    private static final ArrayData NO_TOKENS = new GenericArrayData(new Object[0]);

    private final EmbeddingTable table;
    private final List<UTF8String> models;
    private long truncatedRows;
    private long droppedTokens;

    /** @param models their names, in the order of the outcomes */
    EmbedRows(EmbeddingTable table, List<UTF8String> models) {
        this.table = table;
        this.models = models;
    }

    /**
     * A document that one model rejects is rejected.
     *
     * @param outcomes one of each model
     */
    void add(Document document, List<EmbedOutcome> outcomes, ArrayDeque<Outcome> out) {
        List<List<ChunkVector>> chunks = new ArrayList<>();
        for (EmbedOutcome outcome : outcomes) {
            if (outcome instanceof EmbedOutcome.Rejected rejected) {
                out.add(new Outcome.Rejected(document, rejected.rejection()));
                return;
            }
            chunks.add(((EmbedOutcome.Embedded) outcome).chunks());
        }
        int dropped = 0;
        for (int i = 0; i < chunks.size(); i++) {
            add(document, i, chunks.get(i), i == chunks.size() - 1, out);
            dropped += chunks.get(i).get(0).dropped();
        }
        cut(dropped);
    }

    /**
     * Rows of some windows of a document, which need not be all.
     *
     * @param last whether these are the document's last
     */
    void add(Document document, int model, List<ChunkVector> chunks, boolean last, ArrayDeque<Outcome> out) {
        for (ChunkVector chunk : chunks) {
            Object[] values = table.row(
                    document.id(),
                    models.get(model),
                    chunk.chunkIndex(),
                    chunk.vector(),
                    chunk.tokens(),
                    chunk.dropped() + chunk.unknown(),
                    chunk.truncated(),
                    tokens(chunk.tokenVectors()));
            boolean done = last && chunk == chunks.get(chunks.size() - 1);
            out.add(new Outcome.Produced(document, values, chunk.tokens(), done));
        }
    }

    /** Counts what was cut off a document, by all models. */
    void cut(int dropped) {
        truncatedRows += dropped > 0 ? 1 : 0;
        droppedTokens += dropped;
    }

    private static ArrayData tokens(Optional<TokenVectors> given) {
        if (given.isEmpty()) {
            return NO_TOKENS;
        }
        TokenVectors tokens = given.get();
        int d = tokens.dimensions();
        Object[] rows = new Object[tokens.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new GenericInternalRow(new Object[] {
                tokens.id(i),
                tokens.start(i),
                tokens.end(i),
                UnsafeArrayData.fromPrimitiveArray(Arrays.copyOfRange(tokens.vectors(), i * d, (i + 1) * d))
            });
        }
        return new GenericArrayData(rows);
    }

    /** Counts of the model's work and of these rows. */
    Meter meter(EmbedStats stats) {
        return Meter.of(stats, truncatedRows, droppedTokens);
    }
}

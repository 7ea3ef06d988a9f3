package io.textloom.spark.stage;

import io.textloom.model.ModelRef;
import io.textloom.table.TokenTable;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.Lengths;
import io.textloom.token.RowUnit;
import io.textloom.token.TokenizeOptions;
import io.textloom.token.TokenizerException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** One task's share of the tokenize job: every document through every tokenizer, then into rows. */
final class TokenizeWork implements Stage.Work {
    private final List<LeasedEncoder> encoders = new ArrayList<>();
    private final TokenRows rows;
    private final boolean offsets;
    private final ArrayDeque<Outcome> ready = new ArrayDeque<>();
    private long nanos;
    private boolean ended;

    TokenizeWork(List<ModelRef> models, TokenizeOptions options, TokenTable table, Configuration conf) {
        offsets = options.offsets() || options.sentences() || options.rows() == RowUnit.SENTENCE;
        try {
            for (ModelRef model : models) {
                encoders.add(new LeasedEncoder(model, options, conf));
            }
            rows = options.rows() == RowUnit.BLOCK
                    ? new BlockRows(encoders, options, table)
                    : new DocumentRows(encoders, options, table);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    @Override
    public Iterator<Outcome> run(Iterator<Document> documents) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                while (ready.isEmpty() && documents.hasNext()) {
                    tokenize(documents.next());
                }
                if (ready.isEmpty() && !ended) {
                    ended = true;
                    rows.end(ready);
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

    /** All tokenizers first: a document that one of them fails on has no row at all. */
    private void tokenize(Document document) {
        long start = System.nanoTime();
        try {
            for (LeasedEncoder encoder : encoders) {
                encoder.encode(document, offsets);
            }
        } catch (TokenizerException e) {
            ready.add(new Outcome.Rejected(
                    document, new Rejection(RejectCode.TOKENIZER_FAILED, String.valueOf(e.getMessage()))));
            return;
        } finally {
            nanos += System.nanoTime() - start;
        }
        rows.add(document, ready);
    }

    @Override
    public Meter meter() {
        TreeMap<String, Lengths> lengths = new TreeMap<>();
        for (LeasedEncoder encoder : encoders) {
            lengths.put(encoder.name, encoder.lengths.lengths());
        }
        return new Meter(rows.tokens(), rows.paddedTokens(), rows.truncated(), rows.dropped(), 0, nanos, 0, lengths);
    }

    @Override
    public long tokens() {
        return rows.tokens();
    }

    @Override
    public void close() {
        encoders.forEach(LeasedEncoder::close);
    }

    /** Makes rows of the tokens that the encoders hold. */
    interface TokenRows {
        /** @param out given what became of the document */
        void add(Document document, ArrayDeque<Outcome> out);

        /** After the last document. */
        void end(ArrayDeque<Outcome> out);

        /** Tokens written, padding not counted. */
        long tokens();

        /** Tokens written, with padding. */
        long paddedTokens();

        /** Documents of which something was cut. */
        long truncated();

        /** Tokens cut. */
        long dropped();
    }
}

package io.textloom.spark.stage;

import io.textloom.model.ModelRef;
import io.textloom.table.TokenTable;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.SpecialTokens;
import io.textloom.token.TokenizeOptions;
import io.textloom.token.Tokenizer;
import io.textloom.token.TokenizerException;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;

/** Documents to token ids. */
public final class TokenizeStage implements Stage {
    private static final long serialVersionUID = 1;

    private final ModelRef model;
    private final TokenizeOptions options;

    private TokenizeStage(ModelRef model, TokenizeOptions options) {
        this.model = model;
        this.options = options;
    }

    /**
     * Opens the tokenizer on the driver once, to fail early.
     *
     * @throws io.textloom.model.ModelException if the tokenizer cannot be read
     * @throws IllegalArgumentException if the limit leaves no room for text
     */
    public static TokenizeStage of(ModelRef model, TokenizeOptions options, Configuration conf) {
        TokenizeStage stage = new TokenizeStage(model, options);
        stage.open(conf).close();
        return stage;
    }

    @Override
    public String name() {
        return "tokenize";
    }

    @Override
    public StructType columns() {
        return TokenTable.SCHEMA;
    }

    @Override
    public Work open(Configuration conf) {
        return new TokenizeWork(ModelLeases.tokenizer(model, conf), options);
    }

    private static final class TokenizeWork implements Work {
        private final ExecutorModels.Lease<Tokenizer> lease;
        private final Tokenizer tokenizer;
        private final int maxTokens;
        private final int[] before;
        private final int[] after;
        private long tokens;
        private long truncatedRows;
        private long droppedTokens;
        private long nanos;

        TokenizeWork(ExecutorModels.Lease<Tokenizer> lease, TokenizeOptions options) {
            this.lease = lease;
            tokenizer = lease.model();
            maxTokens = options.maxTokens();
            SpecialTokens special = tokenizer.specialTokens();
            boolean added = options.specialTokens();
            before = added ? special.before().stream().mapToInt(i -> i).toArray() : new int[0];
            after = added ? special.after().stream().mapToInt(i -> i).toArray() : new int[0];
            int room = maxTokens - before.length - after.length;
            if (maxTokens > 0 && room < 1) {
                lease.close();
                throw new IllegalArgumentException(
                        "tokenize.maxTokens is " + maxTokens + " but the special tokens alone are "
                                + (before.length + after.length) + "; set a larger limit");
            }
        }

        @Override
        public Iterator<Outcome> run(Iterator<Document> documents) {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return documents.hasNext();
                }

                @Override
                public Outcome next() {
                    return tokenize(documents.next());
                }
            };
        }

        private Outcome tokenize(Document document) {
            long start = System.nanoTime();
            int[] body;
            try {
                body = tokenizer.encode(document.text());
            } catch (TokenizerException e) {
                return new Outcome.Rejected(
                        document, new Rejection(RejectCode.TOKENIZER_FAILED, String.valueOf(e.getMessage())));
            }
            int kept = maxTokens == 0 ? body.length : Math.min(body.length, maxTokens - before.length - after.length);
            int[] ids = new int[before.length + kept + after.length];
            System.arraycopy(before, 0, ids, 0, before.length);
            System.arraycopy(body, 0, ids, before.length, kept);
            System.arraycopy(after, 0, ids, before.length + kept, after.length);
            int dropped = body.length - kept;
            tokens += ids.length;
            droppedTokens += dropped;
            truncatedRows += dropped > 0 ? 1 : 0;
            nanos += System.nanoTime() - start;
            return new Outcome.Produced(document, TokenTable.row(document.id(), ids, dropped), true);
        }

        @Override
        public Meter meter() {
            return new Meter(tokens, tokens, truncatedRows, droppedTokens, 0, nanos, 0);
        }

        @Override
        public void close() {
            lease.close();
        }
    }
}

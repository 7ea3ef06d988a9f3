package io.textloom.spark.stage;

import io.textloom.table.TokenTable;
import io.textloom.text.SentenceSplitter;
import io.textloom.token.RowUnit;
import io.textloom.token.SentenceTokens;
import io.textloom.token.TokenWindows;
import io.textloom.token.TokenizeOptions;
import io.textloom.token.Tokens;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.Platform;

/** Rows of one document each: the document, its chunks, or its sentences. */
final class DocumentRows implements TokenizeWork.TokenRows {
    private static final ArrayData NOTHING = new GenericArrayData(new Object[0]);

    private final List<LeasedEncoder> encoders;
    private final List<TokenWindows> windows = new ArrayList<>();
    private final TokenizeOptions options;
    private final TokenTable table;
    private final boolean split;
    private final SentenceSplitter splitter = new SentenceSplitter();
    private final SentenceTokens sentences = new SentenceTokens();
    private int[] ids = new int[1024];
    private long tokens;
    private long truncated;
    private long dropped;

    DocumentRows(List<LeasedEncoder> encoders, TokenizeOptions options, TokenTable table) {
        this.encoders = encoders;
        this.options = options;
        this.table = table;
        split = options.sentences() || options.rows() == RowUnit.SENTENCE;
        for (LeasedEncoder encoder : encoders) {
            windows.add(encoder.windows(options));
        }
    }

    @Override
    public void add(Document document, ArrayDeque<Outcome> out) {
        if (split) {
            splitter.split(document.text());
        }
        long droppedBefore = dropped;
        for (int i = 0; i < encoders.size(); i++) {
            LeasedEncoder encoder = encoders.get(i);
            encoder.lengths.add(encoder.tokens.size() + encoder.specialCount());
            if (split) {
                sentences.assign(splitter, encoder.tokens);
            }
            boolean last = i == encoders.size() - 1;
            switch (options.rows()) {
                case DOCUMENT -> out.add(document(document, encoder, windows.get(i), last));
                case CHUNK -> chunks(document, encoder, windows.get(i), last, out);
                case SENTENCE -> sentences(document, encoder, windows.get(i), last, out);
                case BLOCK -> throw new IllegalStateException("a block is not of one document");
            }
        }
        truncated += dropped > droppedBefore ? 1 : 0;
    }

    private Outcome document(Document document, LeasedEncoder encoder, TokenWindows rows, boolean last) {
        int size = encoder.tokens.size();
        int to = rows.to(0, size);
        return row(document, encoder, 0, 0, to, size - to, last);
    }

    private void chunks(
            Document document, LeasedEncoder encoder, TokenWindows rows, boolean last, ArrayDeque<Outcome> out) {
        int size = encoder.tokens.size();
        int count = rows.count(size);
        for (int i = 0; i < count; i++) {
            out.add(row(document, encoder, i, rows.from(i), rows.to(i, size), 0, last && i == count - 1));
        }
    }

    private void sentences(
            Document document, LeasedEncoder encoder, TokenWindows rows, boolean last, ArrayDeque<Outcome> out) {
        int count = splitter.size();
        for (int i = 0; i < count; i++) {
            int from = sentences.from(i);
            int size = sentences.to(i) - from;
            int to = rows.to(0, size);
            out.add(row(document, encoder, i, from, from + to, size - to, last && i == count - 1));
        }
    }

    /** @param from,to tokens of the document that the row holds */
    private Outcome row(
            Document document, LeasedEncoder encoder, int part, int from, int to, int rowDropped, boolean last) {
        int length = encoder.specialCount() + to - from;
        if (ids.length < length) {
            ids = new int[Math.max(length, 2 * ids.length)];
        }
        int begin = encoder.before.length;
        System.arraycopy(encoder.before, 0, ids, 0, begin);
        System.arraycopy(encoder.tokens.ids(), from, ids, begin, to - from);
        System.arraycopy(encoder.after, 0, ids, begin + to - from, encoder.after.length);
        tokens += length;
        dropped += rowDropped;
        Object[] values = table.row(
                document.idUtf8(),
                encoder.nameUtf8,
                part,
                UnsafeArrayData.fromPrimitiveArray(ids, Platform.INT_ARRAY_OFFSET, length, Integer.BYTES),
                rowDropped,
                options.sentences() ? sentencesOf(part, from, to, begin, encoder.tokens.size()) : NOTHING,
                options.offsets() ? offsetsOf(encoder, from, to) : NOTHING);
        return new Outcome.Produced(document, values, length, last);
    }

    /** The sentences that the row has tokens of; those without any where they stand between these. */
    private ArrayData sentencesOf(int part, int from, int to, int begin, int size) {
        List<Object> rows = new ArrayList<>();
        boolean alone = options.rows() == RowUnit.SENTENCE;
        int end = alone ? part + 1 : splitter.size();
        for (int i = alone ? part : sentences.at(from, end); i < end && sentences.from(i) <= to; i++) {
            boolean empty = sentences.from(i) == sentences.to(i);
            boolean here = empty
                    ? sentences.from(i) >= from && (sentences.from(i) < to || to == size)
                    : sentences.from(i) < to && sentences.to(i) > from;
            if (here || alone) {
                int token = begin + Math.max(sentences.from(i), from) - from;
                rows.add(new GenericInternalRow(
                        new Object[] {splitter.startCodePoint(i), splitter.endCodePoint(i), token}));
            }
        }
        return new GenericArrayData(rows.toArray());
    }

    private static ArrayData offsetsOf(LeasedEncoder encoder, int from, int to) {
        Tokens tokens = encoder.tokens;
        Object[] rows = new Object[encoder.specialCount() + to - from];
        Object special = new GenericInternalRow(new Object[] {0, 0});
        for (int i = 0; i < rows.length; i++) {
            int token = from + i - encoder.before.length;
            rows[i] = token >= from && token < to
                    ? new GenericInternalRow(new Object[] {tokens.start(token), tokens.end(token)})
                    : special;
        }
        return new GenericArrayData(rows);
    }

    @Override
    public void end(ArrayDeque<Outcome> out) {}

    @Override
    public long tokens() {
        return tokens;
    }

    @Override
    public long paddedTokens() {
        return tokens;
    }

    @Override
    public long truncated() {
        return truncated;
    }

    @Override
    public long dropped() {
        return dropped;
    }
}

package io.textloom.spark.ml;

import io.textloom.table.Columns;
import io.textloom.tensor.Precision;
import io.textloom.token.LongDocuments;
import java.util.List;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.types.DataTypes;

/**
 * A Transformer that runs an encoder over windows of texts.
 *
 * @param <T> the Transformer itself, which setters return
 */
public abstract class EncoderTransformer<T extends EncoderTransformer<T>> extends ModelTransformer<T> {
    private static final long serialVersionUID = 1;

    private final IntParam maxTokens;
    private final IntParam stride;
    private final Choice<LongDocuments> longDocuments;
    private final IntParam batchTokens;
    private final Param<String> tokensCol;

    EncoderTransformer(String uid) {
        super(uid, Precision.INT4);
        maxTokens = new IntParam(
                this,
                "maxTokens",
                "longest window, special tokens included; 0 for the model's own limit; unit: tokens");
        stride = new IntParam(this, "stride", "overlap of neighbouring windows of a long text; unit: tokens");
        longDocuments = new Choice<>(
                this, "longDocuments", "what happens to a text longer than the window", LongDocuments.class);
        batchTokens = new IntParam(
                this, "batchTokens", "padded size of one batch; 0 for what suits the device; unit: tokens");
        tokensCol =
                new Param<>(this, "tokensCol", "column for the number of tokens that the model saw; none if not set");
        setDefault(maxTokens, 0);
        setDefault(stride, 0);
        setDefault(longDocuments, Choice.name(LongDocuments.CHUNK));
        setDefault(batchTokens, 0);
    }

    /** Of the stage's counts those that a column was named for. */
    void addCounts(List<OutputColumn> columns) {
        if (isSet(tokensCol)) {
            columns.add(OutputColumn.same(getTokensCol(), Columns.N_TOKENS, DataTypes.IntegerType));
        }
        addTruncated(columns);
    }

    public IntParam maxTokens() {
        return maxTokens;
    }

    public IntParam stride() {
        return stride;
    }

    public Param<String> longDocuments() {
        return longDocuments;
    }

    public IntParam batchTokens() {
        return batchTokens;
    }

    public Param<String> tokensCol() {
        return tokensCol;
    }

    /** @param value special tokens included; 0 for the model's own limit; unit: tokens */
    public T setMaxTokens(int value) {
        return with(maxTokens, value);
    }

    public int getMaxTokens() {
        return (int) getOrDefault(maxTokens);
    }

    /** @param value overlap of neighbouring windows of a long text; unit: tokens */
    public T setStride(int value) {
        return with(stride, value);
    }

    public int getStride() {
        return (int) getOrDefault(stride);
    }

    /** @param value chunk, truncate or error */
    public T setLongDocuments(String value) {
        return with(longDocuments, value);
    }

    public String getLongDocuments() {
        return getOrDefault(longDocuments);
    }

    /** @param value padded size of one batch; 0 for what suits the device; unit: tokens */
    public T setBatchTokens(int value) {
        return with(batchTokens, value);
    }

    public int getBatchTokens() {
        return (int) getOrDefault(batchTokens);
    }

    /** Adds a column int: tokens that the model saw of the text, special tokens included. */
    public T setTokensCol(String value) {
        return with(tokensCol, value);
    }

    public String getTokensCol() {
        return getOrDefault(tokensCol);
    }

    LongDocuments chosenLongDocuments() {
        return longDocuments.constant(getLongDocuments());
    }
}

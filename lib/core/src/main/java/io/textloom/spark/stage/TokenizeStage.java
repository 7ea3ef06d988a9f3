package io.textloom.spark.stage;

import io.textloom.model.ModelRef;
import io.textloom.spark.intake.TaskSize;
import io.textloom.table.TokenTable;
import io.textloom.token.RowUnit;
import io.textloom.token.TokenizeOptions;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;

/** Documents to token ids, by one tokenizer or by several at once. */
public final class TokenizeStage implements Stage {
    private static final long serialVersionUID = 1;

    /** A guess for any text, so that files come out near their size; unit: bytes per token */
    private static final int BYTES_PER_TOKEN = 4;

    private final List<ModelRef> models;
    private final TokenizeOptions options;

    private TokenizeStage(List<ModelRef> models, TokenizeOptions options) {
        this.models = List.copyOf(models);
        this.options = options;
    }

    /**
     * Opens the tokenizers on the driver once, to fail early.
     *
     * @param models of different names, which rows give where there are several
     * @throws io.textloom.model.ModelException if a tokenizer cannot be read
     * @throws IllegalArgumentException if the limit leaves no room for text, or two tokenizers have one name
     */
    public static TokenizeStage of(List<ModelRef> models, TokenizeOptions options, Configuration conf) {
        ModelRef.requireDifferentNames(models, "tokenize.models");
        TokenizeStage stage = new TokenizeStage(models, options);
        stage.open(conf).close();
        return stage;
    }

    @Override
    public String name() {
        return "tokenize";
    }

    @Override
    public StructType columns() {
        return table().schema();
    }

    private TokenTable table() {
        return new TokenTable(options, models.size() > 1);
    }

    @Override
    public TaskSize taskSize() {
        long bytes = Math.max(1, options.fileTokens() / models.size()) * BYTES_PER_TOKEN;
        return new TaskSize(bytes, !packsDocuments());
    }

    @Override
    public long fileTokens() {
        return options.fileTokens();
    }

    @Override
    public boolean packsDocuments() {
        return options.rows() == RowUnit.BLOCK;
    }

    @Override
    public Work open(Configuration conf) {
        return new TokenizeWork(models, options, table(), conf);
    }
}

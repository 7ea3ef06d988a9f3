package io.textloom.table;

import io.textloom.token.RowUnit;
import io.textloom.token.TokenizeOptions;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Output of the tokenize job: one row per document, or per part of one, or per block of several. */
public final class TokenTable {
    /** Characters of the document, in code points, and the token of the row with which the sentence begins there. */
    public static final DataType SENTENCES = arrayOf(new StructType()
            .add("start", DataTypes.IntegerType, false)
            .add("end", DataTypes.IntegerType, false)
            .add("token", DataTypes.IntegerType, false));

    /** Characters of the document, in code points. */
    public static final DataType OFFSETS = arrayOf(
            new StructType().add("start", DataTypes.IntegerType, false).add("end", DataTypes.IntegerType, false));

    /** A document's part of a block: where in the block it begins, and where in the document's tokens. */
    public static final DataType DOCUMENTS = arrayOf(new StructType()
            .add("id", DataTypes.StringType, false)
            .add("start", DataTypes.IntegerType, false)
            .add("length", DataTypes.IntegerType, false)
            .add("offset", DataTypes.IntegerType, false));

    private final StructType schema;
    private final boolean tokenizers;
    private final boolean index;
    private final boolean sentences;
    private final boolean offsets;

    /** @param tokenizers whether rows say which tokenizer made them */
    public TokenTable(TokenizeOptions options, boolean tokenizers) {
        this.tokenizers = tokenizers;
        index = options.rows() == RowUnit.CHUNK || options.rows() == RowUnit.SENTENCE;
        sentences = options.sentences();
        offsets = options.offsets();
        boolean blocks = options.rows() == RowUnit.BLOCK;
        StructType columns = new StructType().add(Columns.ID, DataTypes.StringType, false);
        if (tokenizers) {
            columns = columns.add(Columns.TOKENIZER, DataTypes.StringType, false);
        }
        if (index) {
            String name = options.rows() == RowUnit.CHUNK ? Columns.CHUNK_INDEX : Columns.SENTENCE_INDEX;
            columns = columns.add(name, DataTypes.IntegerType, false);
        }
        columns = columns.add(Columns.INPUT_IDS, DataTypes.createArrayType(DataTypes.IntegerType, false), false)
                .add(Columns.N_TOKENS, DataTypes.IntegerType, false);
        if (blocks) {
            columns = columns.add(Columns.DOCUMENTS, DOCUMENTS, false);
        } else {
            columns = columns.add(Columns.N_DROPPED, DataTypes.IntegerType, false)
                    .add(Columns.TRUNCATED, DataTypes.BooleanType, false);
        }
        if (sentences) {
            columns = columns.add(Columns.SENTENCES, SENTENCES, false);
        }
        if (offsets) {
            columns = columns.add(Columns.OFFSETS, OFFSETS, false);
        }
        schema = columns;
    }

    public StructType schema() {
        return schema;
    }

    /**
     * Values in the order of {@link #schema}; those of columns that are not there are not looked at.
     *
     * @param part number of the chunk or sentence in its document
     */
    public Object[] row(
            UTF8String id,
            UTF8String tokenizer,
            int part,
            ArrayData inputIds,
            int dropped,
            ArrayData rowSentences,
            ArrayData rowOffsets) {
        Object[] values = new Object[schema.size()];
        int at = begin(values, id, tokenizer);
        if (index) {
            values[at++] = part;
        }
        values[at++] = inputIds;
        values[at++] = inputIds.numElements();
        values[at++] = dropped;
        values[at++] = dropped > 0;
        if (sentences) {
            values[at++] = rowSentences;
        }
        if (offsets) {
            values[at] = rowOffsets;
        }
        return values;
    }

    /** Values in the order of {@link #schema}, of a block. @param tokens padding not counted */
    public Object[] block(UTF8String id, UTF8String tokenizer, ArrayData inputIds, int tokens, ArrayData documents) {
        Object[] values = new Object[schema.size()];
        int at = begin(values, id, tokenizer);
        values[at++] = inputIds;
        values[at++] = tokens;
        values[at] = documents;
        return values;
    }

    private int begin(Object[] values, UTF8String id, UTF8String tokenizer) {
        values[0] = id;
        if (tokenizers) {
            values[1] = tokenizer;
        }
        return tokenizers ? 2 : 1;
    }

    private static DataType arrayOf(StructType element) {
        return DataTypes.createArrayType(element, false);
    }
}

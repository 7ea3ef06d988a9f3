package io.textloom.spark.stage;

import io.textloom.generate.Prompt;
import io.textloom.prompt.ExampleChooser;
import io.textloom.prompt.ExampleTable;
import io.textloom.prompt.PromptBuilder;
import io.textloom.prompt.PromptPlan;
import io.textloom.prompt.PromptResult;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import io.textloom.token.Tokenizer;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * How a stage makes prompts of rows; travels with it.
 *
 * @param columns that the plan reads beside the text
 * @param kept the kept columns with their types; empty until they are known
 * @param exampleModel embeds rows where nearness chooses examples
 * @param positions longest prompt with its completion; unit: tokens
 * @param truncate whether a longer one is cut
 */
record PromptRows(
        PromptPlan plan,
        SideColumns columns,
        StructType kept,
        @Nullable Broadcast<Examples> examples,
        PromptSource.@Nullable ExampleModel exampleModel,
        long seed,
        int positions,
        boolean truncate)
        implements Serializable {
    PromptRows reading(StructType schema) {
        columns.ordinals().forEach(i -> RowValues.requireReadable(schema.fields()[i]));
        return new PromptRows(plan, columns, schema, examples, exampleModel, seed, positions, truncate);
    }

    /** One task's. */
    Task open(Tokenizer tokenizer, Configuration conf) {
        return new Task(this, tokenizer, conf);
    }

    private @Nullable Examples table() {
        return examples == null ? null : examples.value();
    }

    static final class Task implements AutoCloseable {
        private final PromptRows rows;
        private final PromptBuilder builder;
        private final @Nullable NearestExamples nearest;

        private Task(PromptRows rows, Tokenizer tokenizer, Configuration conf) {
            this.rows = rows;
            Examples examples = rows.table();
            ExampleTable table = examples == null ? null : examples.table();
            int size = table == null ? 0 : table.size();
            this.nearest = examples != null && rows.exampleModel != null
                    ? NearestExamples.open(examples, rows.exampleModel.ref(), conf)
                    : null;
            ExampleChooser chooser = nearest != null
                    ? nearest
                    : rows.plan.options().examples().choice() == io.textloom.prompt.ExampleChoice.RANDOM
                            ? ExampleChooser.random(size, rows.seed)
                            : ExampleChooser.fixed(size);
            this.builder = new PromptBuilder(rows.plan, tokenizer, table, chooser);
        }

        /** @param newTokens that the prompt leaves room for */
        PromptResult build(Document document, int newTokens) {
            if (newTokens >= rows.positions) {
                return new PromptResult.Refused(new Rejection(
                        RejectCode.INVALID_REQUEST,
                        "The completion may have " + newTokens + " tokens but the model's context holds "
                                + rows.positions
                                + ", prompt included; lower generate.maxNewTokens or the row's own number"));
            }
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (int i = 0; i < rows.columns.columns().size(); i++) {
                int ordinal = rows.columns.ordinals().get(i);
                row.put(
                        rows.columns.columns().get(i),
                        document.keptValue(ordinal, rows.kept.fields()[ordinal].dataType()));
            }
            if (rows.plan.readsText()) {
                row.put(rows.plan.textColumn(), document.text());
            }
            return builder.build(row, document.id(), rows.positions - newTokens, rows.truncate);
        }

        static Prompt prompt(PromptResult.Built built) {
            return Prompt.of(built.text(), built.ids(), built.dropped());
        }

        @Override
        public void close() {
            builder.close();
            if (nearest != null) {
                nearest.close();
            }
        }
    }
}

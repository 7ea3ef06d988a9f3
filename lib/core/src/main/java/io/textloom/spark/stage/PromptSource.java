package io.textloom.spark.stage;

import io.textloom.model.ModelRef;
import io.textloom.prompt.PromptPlan;
import java.io.Serializable;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * What the driver found for prompts of a run.
 *
 * @param columns that the plan reads beside the text
 * @param examples null for none
 * @param exampleModel embeds rows where nearness chooses examples
 */
public record PromptSource(
        PromptPlan plan,
        SideColumns columns,
        @Nullable Broadcast<Examples> examples,
        @Nullable ExampleModel exampleModel) {
    /** A model among the fields of a record that travels. */
    public record ExampleModel(ModelRef ref) implements Serializable {}
}

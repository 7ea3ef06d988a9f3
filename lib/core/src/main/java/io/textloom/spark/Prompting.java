package io.textloom.spark;

import io.textloom.model.ModelFolder;
import io.textloom.model.ModelRef;
import io.textloom.prompt.ExampleChoice;
import io.textloom.prompt.ExampleOptions;
import io.textloom.prompt.PromptOptions;
import io.textloom.prompt.PromptPlan;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.stage.Examples;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.spark.stage.PromptSource;
import io.textloom.spark.stage.SideColumns;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.jspecify.annotations.Nullable;

/** Prompts of a run as the driver prepares them: template, chat, the columns they read, examples. */
final class Prompting {
    private static final String DATE = "generate.date";

    private final JobContext context;
    private final SideColumns columns;
    private final Optional<PromptSource> source;

    private Prompting(JobContext context, SideColumns columns, Optional<PromptSource> source) {
        this.context = context;
        this.columns = columns;
        this.source = source;
    }

    /** The context with what prompts read from the input, and what belongs to the run's settings. */
    JobContext context() {
        return context;
    }

    /** All that is read beside the text. */
    SideColumns columns() {
        return columns;
    }

    /** Empty where the text column is the prompt as it is. */
    Optional<PromptSource> source() {
        return source;
    }

    /**
     * Reads the template's file and the examples.
     *
     * @param others columns that are read whatever the prompts are
     * @throws IllegalArgumentException if they, the folder and the options do not fit each other
     */
    static Prompting of(JobContext context, PromptOptions given, List<String> others) {
        Configuration conf = context.spark().sparkContext().hadoopConfiguration();
        PromptOptions options = given.templateFile().isEmpty()
                ? given
                : given.withTemplate(SettingFile.read("generate.templateFile", given.templateFile(), conf));
        Optional<PromptPlan> planned =
                PromptPlan.of(options, folder(context).path(), context.intake().textColumn(), today());
        if (planned.isEmpty()) {
            SideColumns columns = SideColumns.of(others, context.intake().keepColumns());
            return new Prompting(context.prompting(columns, true, context.settings()), columns, Optional.empty());
        }
        PromptPlan plan = planned.get();
        List<String> read = new ArrayList<>(plan.required());
        if (!plan.optional().isEmpty()) {
            List<String> present = new Intake(context.spark(), context.intake().keeping(anyColumn(context))).columns();
            plan.optional().stream().filter(present::contains).forEach(read::add);
        }
        if (read.isEmpty() && !plan.readsText()) {
            throw new IllegalArgumentException("generate.template reads no column; expected one at least, such as {{ "
                    + context.intake().textColumn() + " }}");
        }
        others.stream().filter(column -> !read.contains(column)).forEach(read::add);
        SideColumns columns = SideColumns.of(read, context.intake().keepColumns());
        TreeMap<String, String> settings = new TreeMap<>(context.settings());
        if (plan.readsClock()) {
            settings.put(DATE, day(plan));
        }
        if (!given.templateFile().isEmpty()) {
            settings.put("generate.template", options.template());
        }
        @Nullable Examples examples = null;
        PromptSource.@Nullable ExampleModel model = null;
        if (options.examples().isUsed()) {
            examples = examples(context, plan);
            settings.put("generate.examples.sha256", examples.table().sha256());
            if (options.examples().choice() == ExampleChoice.NEAREST) {
                ModelRef ref = ModelLeases.store().resolve(options.examples().model(), conf);
                settings.put("generate.exampleModel.sha256", ref.sha256());
                examples = examples.embedded(
                        ref, plan.comparedColumns(examples.table().columns()), conf);
                model = new PromptSource.ExampleModel(ref);
            }
        }
        JavaSparkContext spark =
                JavaSparkContext.fromSparkContext(context.spark().sparkContext());
        return new Prompting(
                context.prompting(columns, plan.readsText(), settings),
                columns,
                Optional.of(
                        new PromptSource(plan, columns, examples == null ? null : spark.broadcast(examples), model)));
    }

    /** Some column to keep, so that all of them are looked for. */
    private static List<String> anyColumn(JobContext context) {
        return List.of(context.intake().textColumn());
    }

    private static Examples examples(JobContext context, PromptPlan plan) {
        ExampleOptions options = plan.options().examples();
        IntakeOptions intake = context.intake();
        IntakeOptions table = new IntakeOptions(
                List.of(options.path()),
                io.textloom.spark.intake.InputFormat.AUTO,
                intake.documents(),
                intake.textColumn(),
                "",
                intake.duplicateIds(),
                List.of(options.answerColumn()),
                "",
                0,
                0,
                intake.limits());
        Examples examples = Examples.read(new Intake(context.spark(), table).table());
        plan.requireExamples(examples.table());
        return examples;
    }

    /**
     * The context for requests that bring their own prompts: with the day that chat templates are told, where they ask for it.
     *
     * @param today see {@link #today}
     */
    static JobContext ofBatch(JobContext context, PromptOptions options, LocalDateTime today) {
        Optional<PromptPlan> plan = PromptPlan.of(options, folder(context).path(), "", today);
        return plan.filter(PromptPlan::readsClock)
                .map(p -> context.with(DATE, day(p)))
                .orElse(context);
    }

    /** What templates are told is now where no date is given; by the day alone, so that it can be said again. */
    static LocalDateTime today() {
        return LocalDate.now().atStartOfDay();
    }

    private static String day(PromptPlan plan) {
        return plan.now().toLocalDate().toString();
    }

    private static ModelFolder folder(JobContext context) {
        Configuration conf = context.spark().sparkContext().hadoopConfiguration();
        return ModelLeases.store().localise(ModelLeases.store().resolve(context.model(), conf), conf);
    }
}

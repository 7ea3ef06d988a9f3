package io.textloom.spark.stage;

import io.textloom.classify.Answer;
import io.textloom.classify.ClassifyEngine;
import io.textloom.classify.ClassifyModel;
import io.textloom.classify.ClassifyOptions;
import io.textloom.classify.ClassifyOutcome;
import io.textloom.classify.ClassifyTask;
import io.textloom.classify.Entity;
import io.textloom.classify.Finding;
import io.textloom.classify.LabelScore;
import io.textloom.classify.TextPair;
import io.textloom.model.ModelRef;
import io.textloom.runtime.Device;
import io.textloom.runtime.EncoderStats;
import io.textloom.table.ClassificationTable;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Documents to labels, entities or answers, by a model with a fine-tuned head. */
public final class ClassifyStage implements Stage {
    private static final long serialVersionUID = 1;

    private final ModelRef model;
    private final ClassifyOptions options;
    private final @Nullable SideText side;
    private final DeviceOptions device;
    private final ClassificationTable.Kind kind;

    private ClassifyStage(
            ModelRef model,
            ClassifyOptions options,
            @Nullable SideText side,
            DeviceOptions device,
            ClassificationTable.Kind kind) {
        this.model = model;
        this.options = options;
        this.side = side;
        this.device = device;
        this.kind = kind;
    }

    /**
     * Opens the model on the driver once, for its task and to fail early.
     *
     * @param side the column of the options, where there is one
     * @throws io.textloom.model.ModelException if the model cannot be read or has no head for the task
     * @throws IllegalArgumentException if the options do not fit the model or what tasks run on, or tasks are to use GPUs and there is no provider for them
     */
    public static ClassifyStage of(
            ModelRef model,
            ClassifyOptions options,
            Optional<SideText> side,
            DeviceOptions device,
            Configuration conf) {
        TaskDevices.check(device, options.precision(), "classify");
        try (ExecutorModels.Lease<ClassifyModel> lease = ModelLeases.classifying(model, options, Device.CPU, conf)) {
            return new ClassifyStage(
                    model,
                    options,
                    side.orElse(null),
                    device,
                    kind(lease.model().task()));
        }
    }

    private static ClassificationTable.Kind kind(ClassifyTask task) {
        return switch (task) {
            case TOKEN -> ClassificationTable.Kind.ENTITIES;
            case QUESTION_ANSWERING -> ClassificationTable.Kind.SPANS;
            case AUTO, SEQUENCE, PAIR, CHOICE -> ClassificationTable.Kind.SCORES;
        };
    }

    @Override
    public String name() {
        return "classify";
    }

    @Override
    public StructType columns() {
        return new ClassificationTable(kind).schema();
    }

    @Override
    public Optional<SideText> sideText() {
        return Optional.ofNullable(side);
    }

    @Override
    public Work open(Configuration conf) {
        return ClassifyWork.open(
                ModelLeases.classifying(model, options, TaskDevices.ofTask(device), conf),
                sideText(),
                new ClassificationTable(kind));
    }

    private static final class ClassifyWork extends SideTextWork<ClassifyOutcome> {
        private final ClassificationTable table;
        private final ClassifyEngine classifier;

        private ClassifyWork(
                ExecutorModels.Lease<ClassifyModel> lease,
                ClassifyEngine classifier,
                Optional<SideText> side,
                ClassificationTable table) {
            super(lease, classifier, side);
            this.classifier = classifier;
            this.table = table;
        }

        static ClassifyWork open(
                ExecutorModels.Lease<ClassifyModel> lease, Optional<SideText> side, ClassificationTable table) {
            return new ClassifyWork(lease, lease.opening(ClassifyModel::engine), side, table);
        }

        @Override
        List<ClassifyOutcome> answer(List<TextPair> texts, EncoderStats stats) {
            return classifier.classify(texts, stats);
        }

        @Override
        Outcome outcome(Document document, ClassifyOutcome outcome) {
            if (outcome instanceof ClassifyOutcome.Rejected rejected) {
                return new Outcome.Rejected(document, rejected.rejection());
            }
            ClassifyOutcome.Classified classified = (ClassifyOutcome.Classified) outcome;
            Finding finding = classified.finding();
            @Nullable LabelScore best = finding.best().orElse(null);
            Object[] values = table.row(
                    document.idUtf8(),
                    best == null ? null : best.label(),
                    best == null ? null : best.score(),
                    detail(finding),
                    finding instanceof Finding.Answers answers ? answers.noAnswer() : 0,
                    classified.tokens(),
                    classified.dropped());
            return produced(document, values, classified.tokens(), classified.dropped());
        }

        private static Object detail(Finding finding) {
            if (finding instanceof Finding.Entities found) {
                Object[] rows = new Object[found.entities().size()];
                for (int i = 0; i < rows.length; i++) {
                    Entity e = found.entities().get(i);
                    rows[i] = ClassificationTable.entity(e.label(), e.score(), e.word(), e.start(), e.end());
                }
                return ClassificationTable.list(rows);
            }
            if (finding instanceof Finding.Answers found) {
                Object[] rows = new Object[found.answers().size()];
                for (int i = 0; i < rows.length; i++) {
                    Answer a = found.answers().get(i);
                    rows[i] = ClassificationTable.span(a.text(), a.score(), a.start(), a.end());
                }
                return ClassificationTable.list(rows);
            }
            List<LabelScore> scores = ((Finding.Labels) finding).scores();
            return ClassificationTable.scores(
                    scores.stream().map(LabelScore::label).toList(),
                    scores.stream().map(LabelScore::score).toList());
        }
    }
}

package io.textloom.spark.stage;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.textloom.model.ModelRef;
import io.textloom.runtime.Device;
import io.textloom.score.ChoiceOptions;
import io.textloom.score.ChoiceOutcome;
import io.textloom.score.ChoiceScorer;
import io.textloom.score.ScoredChoice;
import io.textloom.score.ScoringModel;
import io.textloom.table.ChoiceTable;
import io.textloom.table.Columns;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Documents to the likeliest of their choices, by a decoder: the score job's task choices. */
public final class ChoiceStage implements Stage {
    private static final long serialVersionUID = 1;

    private final ModelRef model;
    private final ChoiceOptions options;
    private final @Nullable SideText side;
    private final DeviceOptions device;

    private ChoiceStage(ModelRef model, ChoiceOptions options, @Nullable SideText side, DeviceOptions device) {
        this.model = model;
        this.options = options;
        this.side = side;
        this.device = device;
    }

    /**
     * Opens the model on the driver once, to fail early.
     *
     * @param side the column of the options, where there is one; holds lists
     * @throws io.textloom.model.ModelException if the model cannot be read or is no decoder with a language model's head
     * @throws IllegalArgumentException if the options do not fit the model or what tasks run on
     */
    public static ChoiceStage of(
            ModelRef model, ChoiceOptions options, Optional<SideText> side, DeviceOptions device, Configuration conf) {
        TaskDevices.check(device, options.decoder().precision(), "score");
        try (ExecutorModels.Lease<ScoringModel> lease =
                ModelLeases.scoring(model, options.decoder(), Device.CPU, conf)) {
            ChoiceScorer.check(lease.model(), options);
            return new ChoiceStage(model, options, side.orElse(null), device);
        }
    }

    @Override
    public String name() {
        return "score";
    }

    @Override
    public StructType columns() {
        return ChoiceTable.SCHEMA;
    }

    @Override
    public Optional<SideText> sideText() {
        return Optional.ofNullable(side);
    }

    @Override
    public Optional<OutputFigures> figures() {
        return options.rightColumn().map(column -> rows -> accuracy(rows, column));
    }

    private static SortedMap<String, Double> accuracy(Dataset<Row> rows, String column) {
        Row found = rows.filter(col(Columns.quoted(column)).isNotNull())
                .select(coalesce(
                        avg(col(Columns.LABEL)
                                .equalTo(col(Columns.quoted(column)).cast("string"))
                                .cast("double")),
                        lit(Double.NaN)))
                .first();
        SortedMap<String, Double> figures = new TreeMap<>();
        if (!Double.isNaN(found.getDouble(0))) {
            figures.put("accuracy", found.getDouble(0));
        }
        return figures;
    }

    @Override
    public Work open(Configuration conf) {
        ExecutorModels.Lease<ScoringModel> lease =
                ModelLeases.scoring(model, options.decoder(), TaskDevices.ofTask(device), conf);
        return new ChoiceWork(lease, lease.opening(opened -> new ChoiceScorer(opened, options)));
    }

    private final class ChoiceWork extends GatheredWork {
        private final ChoiceScorer scorer;

        ChoiceWork(ExecutorModels.Lease<ScoringModel> lease, ChoiceScorer scorer) {
            super(lease, scorer);
            this.scorer = scorer;
        }

        @Override
        void work(List<Document> documents, ArrayDeque<Outcome> out) {
            List<String> texts = new ArrayList<>(documents.size());
            List<@Nullable List<@Nullable String>> choices = new ArrayList<>(documents.size());
            List<@Nullable String> fixed = new ArrayList<>(options.choices());
            for (Document document : documents) {
                texts.add(document.text());
                choices.add(
                        side == null
                                ? fixed
                                : document.keptTexts(side.ordinal()).orElse(null));
            }
            Iterator<ChoiceOutcome> outcomes =
                    scorer.score(texts, choices, stats).iterator();
            for (Document document : documents) {
                out.add(outcome(document, outcomes.next()));
            }
        }

        private Outcome outcome(Document document, ChoiceOutcome outcome) {
            if (outcome instanceof ChoiceOutcome.Rejected rejected) {
                return new Outcome.Rejected(document, rejected.rejection());
            }
            ChoiceOutcome.Scored scored = (ChoiceOutcome.Scored) outcome;
            Object[] choices = new Object[scored.choices().size()];
            for (int i = 0; i < choices.length; i++) {
                ScoredChoice c = scored.choices().get(i);
                choices[i] = ChoiceTable.choice(c.choice(), c.logprob(), c.tokens(), c.score(), c.probability());
            }
            Object[] values = ChoiceTable.row(
                    document.idUtf8(),
                    scored.choices().get(scored.best()).choice(),
                    choices,
                    scored.tokens(),
                    scored.dropped());
            return produced(document, values, scored.tokens(), scored.dropped());
        }
    }
}

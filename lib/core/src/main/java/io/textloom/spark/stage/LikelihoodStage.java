package io.textloom.spark.stage;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.textloom.classify.TextPair;
import io.textloom.model.ModelRef;
import io.textloom.runtime.Device;
import io.textloom.runtime.EncoderStats;
import io.textloom.score.LikelihoodOptions;
import io.textloom.score.LikelihoodOutcome;
import io.textloom.score.LikelihoodScorer;
import io.textloom.score.Scorable;
import io.textloom.score.ScoringModel;
import io.textloom.table.Columns;
import io.textloom.table.LikelihoodTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Documents to how likely a decoder finds them: the score job's task log-likelihood. */
public final class LikelihoodStage implements Stage {
    private static final long serialVersionUID = 1;

    private final ModelRef model;
    private final LikelihoodOptions options;
    private final @Nullable SideText side;
    private final DeviceOptions device;

    private LikelihoodStage(ModelRef model, LikelihoodOptions options, @Nullable SideText side, DeviceOptions device) {
        this.model = model;
        this.options = options;
        this.side = side;
        this.device = device;
    }

    /**
     * Opens the model on the driver once, to fail early.
     *
     * @param side the column of the options, where there is one
     * @throws io.textloom.model.ModelException if the model cannot be read or is no decoder with a language model's head
     * @throws IllegalArgumentException if the options do not fit the model or what tasks run on
     */
    public static LikelihoodStage of(
            ModelRef model,
            LikelihoodOptions options,
            Optional<SideText> side,
            DeviceOptions device,
            Configuration conf) {
        TaskDevices.check(device, options.decoder().precision(), "score");
        try (ExecutorModels.Lease<ScoringModel> lease =
                ModelLeases.scoring(model, options.decoder(), Device.CPU, conf)) {
            LikelihoodScorer.check(lease.model(), options);
            return new LikelihoodStage(model, options, side.orElse(null), device);
        }
    }

    @Override
    public String name() {
        return "score";
    }

    @Override
    public StructType columns() {
        return new LikelihoodTable(options.tokenLogprobs()).schema();
    }

    @Override
    public Optional<SideText> sideText() {
        return Optional.ofNullable(side);
    }

    @Override
    public Optional<OutputFigures> figures() {
        return Optional.of(LikelihoodStage::figures);
    }

    /** Every token counts alike, in however long a text it stands. */
    private static SortedMap<String, Double> figures(Dataset<Row> rows) {
        Row sums = rows.select(total(Columns.LOGPROB), total(Columns.N_TOKENS), total(Columns.N_BYTES))
                .first();
        double logprob = sums.getDouble(0);
        double tokens = sums.getDouble(1);
        double bytes = sums.getDouble(2);
        SortedMap<String, Double> figures = new TreeMap<>();
        figures.put("logprob", logprob);
        figures.put("scoredTokens", tokens);
        figures.put("scoredBytes", bytes);
        if (tokens > 0) {
            figures.put("perplexity", LikelihoodTable.perplexity(logprob, tokens));
        }
        if (bytes > 0) {
            figures.put("bitsPerByte", LikelihoodTable.bitsPerByte(logprob, bytes));
        }
        return figures;
    }

    private static Column total(String column) {
        return coalesce(sum(col(column).cast("double")), lit(0.0));
    }

    @Override
    public Work open(Configuration conf) {
        return LikelihoodWork.open(
                ModelLeases.scoring(model, options.decoder(), TaskDevices.ofTask(device), conf), sideText(), options);
    }

    private static final class LikelihoodWork extends SideTextWork<LikelihoodOutcome> {
        private final LikelihoodTable table;
        private final LikelihoodScorer scorer;

        private LikelihoodWork(
                ExecutorModels.Lease<ScoringModel> lease,
                LikelihoodScorer scorer,
                Optional<SideText> side,
                LikelihoodTable table) {
            super(lease, scorer, side);
            this.scorer = scorer;
            this.table = table;
        }

        static LikelihoodWork open(
                ExecutorModels.Lease<ScoringModel> lease, Optional<SideText> side, LikelihoodOptions options) {
            return new LikelihoodWork(
                    lease,
                    lease.opening(model -> new LikelihoodScorer(model, options)),
                    side,
                    new LikelihoodTable(options.tokenLogprobs()));
        }

        @Override
        List<LikelihoodOutcome> answer(List<TextPair> texts, EncoderStats stats) {
            List<Scorable> scorables = new ArrayList<>(texts.size());
            for (TextPair text : texts) {
                scorables.add(new Scorable(text.text(), text.other()));
            }
            return scorer.score(scorables, stats);
        }

        @Override
        Outcome outcome(Document document, LikelihoodOutcome outcome) {
            if (outcome instanceof LikelihoodOutcome.Rejected rejected) {
                return new Outcome.Rejected(document, rejected.rejection());
            }
            LikelihoodOutcome.Scored scored = (LikelihoodOutcome.Scored) outcome;
            Object[] values = table.row(
                    document.idUtf8(),
                    scored.logprob(),
                    scored.tokens(),
                    scored.bytes(),
                    scored.greedy(),
                    scored.ids(),
                    scored.logprobs(),
                    scored.likeliest(),
                    scored.dropped());
            return produced(document, values, scored.tokens(), scored.dropped());
        }
    }
}

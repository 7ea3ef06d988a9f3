package io.textloom.spark.stage;

import io.textloom.classify.FillMaskModel;
import io.textloom.classify.FillMaskOptions;
import io.textloom.classify.FillMaskOutcome;
import io.textloom.classify.FilledMask;
import io.textloom.classify.MaskFiller;
import io.textloom.classify.TextPair;
import io.textloom.model.ModelRef;
import io.textloom.runtime.Device;
import io.textloom.runtime.EncoderStats;
import io.textloom.table.MaskTable;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Documents with masks to the tokens that may stand there: the score job's task fill-mask. */
public final class FillMaskStage implements Stage {
    private static final long serialVersionUID = 1;

    private final ModelRef model;
    private final FillMaskOptions options;
    private final @Nullable SideText side;
    private final DeviceOptions device;
    private final boolean nextSentence;

    private FillMaskStage(
            ModelRef model,
            FillMaskOptions options,
            @Nullable SideText side,
            DeviceOptions device,
            boolean nextSentence) {
        this.model = model;
        this.options = options;
        this.side = side;
        this.device = device;
        this.nextSentence = nextSentence;
    }

    /**
     * Opens the model on the driver once, to fail early.
     *
     * @param side the column of the options, where there is one
     * @throws io.textloom.model.ModelException if the model cannot be read or is no masked language model
     * @throws IllegalArgumentException if the options do not fit the model or what tasks run on, or tasks are to use GPUs and there is no provider for them
     */
    public static FillMaskStage of(
            ModelRef model,
            FillMaskOptions options,
            Optional<SideText> side,
            DeviceOptions device,
            Configuration conf) {
        TaskDevices.check(device, options.precision(), "score");
        try (ExecutorModels.Lease<FillMaskModel> lease = ModelLeases.fillingMasks(model, options, Device.CPU, conf)) {
            return new FillMaskStage(
                    model, options, side.orElse(null), device, lease.model().hasNextSentence());
        }
    }

    @Override
    public String name() {
        return "score";
    }

    @Override
    public StructType columns() {
        return new MaskTable(nextSentence).schema();
    }

    @Override
    public Optional<SideText> sideText() {
        return Optional.ofNullable(side);
    }

    @Override
    public Work open(Configuration conf) {
        return FillMaskWork.open(
                ModelLeases.fillingMasks(model, options, TaskDevices.ofTask(device), conf),
                sideText(),
                new MaskTable(nextSentence));
    }

    private static final class FillMaskWork extends SideTextWork<FillMaskOutcome> {
        private final MaskTable table;
        private final MaskFiller filler;

        private FillMaskWork(
                ExecutorModels.Lease<FillMaskModel> lease,
                MaskFiller filler,
                Optional<SideText> side,
                MaskTable table) {
            super(lease, filler, side);
            this.filler = filler;
            this.table = table;
        }

        static FillMaskWork open(ExecutorModels.Lease<FillMaskModel> lease, Optional<SideText> side, MaskTable table) {
            return new FillMaskWork(lease, lease.opening(MaskFiller::new), side, table);
        }

        @Override
        List<FillMaskOutcome> answer(List<TextPair> texts, EncoderStats stats) {
            return filler.fill(texts, stats);
        }

        @Override
        Outcome outcome(Document document, FillMaskOutcome outcome) {
            if (outcome instanceof FillMaskOutcome.Rejected rejected) {
                return new Outcome.Rejected(document, rejected.rejection());
            }
            FillMaskOutcome.Filled filled = (FillMaskOutcome.Filled) outcome;
            Object[] predictions = new Object[filled.predictions().size()];
            for (int i = 0; i < predictions.length; i++) {
                FilledMask p = filled.predictions().get(i);
                predictions[i] =
                        MaskTable.prediction(p.position(), p.start(), p.end(), p.token(), p.tokenId(), p.score());
            }
            Object[] values = table.row(
                    document.idUtf8(),
                    predictions,
                    filled.nextSentence().orElse(null),
                    filled.tokens(),
                    filled.dropped());
            return produced(document, values, filled.tokens(), filled.dropped());
        }
    }
}

package io.textloom.classify;

import io.textloom.model.Head;
import io.textloom.model.HeadSpec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.runtime.Device;
import io.textloom.runtime.HeadRequest;
import io.textloom.token.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A fine-tuned folder opened for classification: one per executor, safe for concurrent use. What the options leave to the model is settled here.
 */
public final class ClassifyingModel implements ClassifyModel {
    /** Overlap of windows in which something may be found, at most; unit: tokens */
    private static final int MAX_OVERLAP = 128;

    private final HeadModel model;
    private final WindowOptions windows;
    private final Finder finder;
    private final ClassifyTask task;
    private final String other;

    private ClassifyingModel(
            ModelFolder folder, ClassifyOptions options, Tokenizer tokenizer, Device device, int threads) {
        HeadSpec spec = HeadSpec.of(folder.config());
        if (!options.head().isEmpty() || !options.choicesColumn().isEmpty()) {
            throw new IllegalArgumentException("classify has "
                    + (options.head().isEmpty() ? "choicesColumn" : "head")
                    + " but the model " + folder + " has no heads of train heads; leave it out");
        }
        this.task = task(folder, spec, options);
        this.other = options.otherText().orElse("");
        boolean pairs = task == ClassifyTask.PAIR || task == ClassifyTask.QUESTION_ANSWERING;
        this.model = new HeadModel(
                folder,
                tokenizer,
                new HeadRequest(head(task), pairs, options.precision()),
                "classify",
                options.maxTokens(),
                options.stride(),
                options.batchTokens(),
                device,
                threads);
        try {
            this.windows = windows(options);
            this.finder = finder(folder, spec, options);
        } catch (RuntimeException | Error e) {
            model.close();
            throw e;
        }
    }

    /**
     * Opens for callers that bring their own threads: one native thread per call.
     *
     * @param tokenizer the folder's own; closed with the model
     * @throws ModelException if the folder has no head for the task
     * @throws IllegalArgumentException if the options do not fit the model
     */
    public static ClassifyingModel open(ModelFolder folder, ClassifyOptions options, Tokenizer tokenizer) {
        return open(folder, options, tokenizer, Device.CPU, 1);
    }

    /** @param threads native threads of one call */
    public static ClassifyingModel open(
            ModelFolder folder, ClassifyOptions options, Tokenizer tokenizer, Device device, int threads) {
        return new ClassifyingModel(folder, options, tokenizer, device, threads);
    }

    @Override
    public ClassifyEngine engine() {
        return new Classifier(this);
    }

    @Override
    public ClassifyTask task() {
        return task;
    }

    HeadModel model() {
        return model;
    }

    WindowOptions windows() {
        return windows;
    }

    Finder finder() {
        return finder;
    }

    /** The text that goes with those that bring none. */
    String other() {
        return other;
    }

    private static Head head(ClassifyTask task) {
        return switch (task) {
            case SEQUENCE, PAIR -> Head.SEQUENCE;
            case TOKEN -> Head.TOKEN;
            case QUESTION_ANSWERING -> Head.SPAN;
            case AUTO, CHOICE -> throw new IllegalStateException("the task is settled before");
        };
    }

    private static ClassifyTask task(ModelFolder folder, HeadSpec spec, ClassifyOptions options) {
        ClassifyTask asked = options.task();
        if (asked == ClassifyTask.CHOICE) {
            throw new IllegalArgumentException("classify.task is choice but the model " + folder
                    + " is no folder of train heads with such a head; choose another model or task");
        }
        if (spec.head().isEmpty() && asked == ClassifyTask.AUTO) {
            throw new ModelException(HeadModel.named(folder) + "; classify needs a fine-tuned model, "
                    + Head.SEQUENCE.label() + ", " + Head.TOKEN.label() + " or " + Head.SPAN.label()
                    + ", or classify.task to say what its head is");
        }
        ClassifyTask task = asked;
        if (asked == ClassifyTask.AUTO) {
            task = switch (spec.head().orElseThrow()) {
                case SEQUENCE ->
                    options.otherColumn().isPresent() || options.otherText().isPresent()
                            ? ClassifyTask.PAIR
                            : ClassifyTask.SEQUENCE;
                case TOKEN -> ClassifyTask.TOKEN;
                case SPAN -> ClassifyTask.QUESTION_ANSWERING;
                case MASKED_LM ->
                    throw new ModelException("The model " + folder + " fills in masked words; run the job score with"
                            + " score.task fill-mask, or choose a model with a classification head");
            };
        } else if (spec.head().isPresent() && spec.head().get() != head(asked)) {
            throw new ModelException("The model " + folder + " is a "
                    + spec.head().get().label() + " but classify.task is "
                    + asked.name().toLowerCase(Locale.ROOT).replace('_', '-') + "; leave the task auto, or choose a "
                    + head(asked).label());
        }
        boolean given = options.otherColumn().isPresent() || options.otherText().isPresent();
        if (task == ClassifyTask.QUESTION_ANSWERING && !options.hasQuestion()) {
            throw new IllegalArgumentException("classify.question is empty, and classify.questionColumn, too, but the"
                    + " model " + folder + " answers questions; set one of them");
        }
        if (task == ClassifyTask.TOKEN && given || task == ClassifyTask.PAIR && options.hasQuestion()) {
            throw new IllegalArgumentException("classify has a text to go with each text but the model " + folder
                    + " is a " + head(task).label() + "; expected "
                    + (task == ClassifyTask.TOKEN ? "none" : "query, queryColumn or pairColumn instead of a question"));
        }
        return task;
    }

    private WindowOptions windows(ClassifyOptions options) {
        boolean finds = task == ClassifyTask.TOKEN || task == ClassifyTask.QUESTION_ANSWERING;
        int stride = options.stride();
        if (stride < 0) {
            stride = finds ? Math.min(MAX_OVERLAP, model.maxTokens() / 2) : 0;
        }
        PairOrder order = task == ClassifyTask.SEQUENCE || task == ClassifyTask.TOKEN
                ? PairOrder.SINGLE
                : options.pairColumn().isEmpty() ? PairOrder.SECOND : PairOrder.FIRST;
        return new WindowOptions(
                "classify",
                model.maxTokens(),
                stride,
                options.longDocuments(),
                order,
                task == ClassifyTask.QUESTION_ANSWERING,
                finds);
    }

    private Finder finder(ModelFolder folder, HeadSpec spec, ClassifyOptions options) {
        return switch (task) {
            case SEQUENCE, PAIR -> {
                List<String> labels = labels(spec, model.rowWidth());
                ScoreFunction function = options.activation() == ScoreFunction.AUTO
                        ? function(spec, labels.size())
                        : options.activation();
                boolean multiLabel = function == ScoreFunction.SIGMOID && labels.size() > 1;
                if (options.threshold() > 0 && !multiLabel) {
                    throw new IllegalArgumentException("classify.threshold is " + options.threshold()
                            + " but the model " + folder + " does not give several labels at once; leave it 0");
                }
                yield new LabelFinder(labels, function, options.topK(), options.threshold());
            }
            case TOKEN ->
                new EntityFinder(
                        labels(spec, model.tokenWidth()),
                        options.aggregation(),
                        TextWords.of(folder, model.tokenizer()));
            case QUESTION_ANSWERING ->
                new AnswerFinder(
                        options.answers(),
                        Math.max(1, options.topK()),
                        options.answerTokens(),
                        options.nullAnswer(),
                        TextWords.of(folder, model.tokenizer()));
            case AUTO, CHOICE -> throw new IllegalStateException("the task is settled before");
        };
    }

    /**
     * As transformers has it for its sequence classification, and sentence-transformers for cross-encoders of one label. One label of single texts is a number, as
     * the model's class was trained with it.
     */
    private ScoreFunction function(HeadSpec spec, int labels) {
        return switch (spec.problemType()) {
            case REGRESSION -> ScoreFunction.NONE;
            case MULTI_LABEL -> ScoreFunction.SIGMOID;
            case SINGLE_LABEL -> labels == 1 ? ScoreFunction.SIGMOID : ScoreFunction.SOFTMAX;
            case UNSTATED -> {
                if (labels > 1) {
                    yield ScoreFunction.SOFTMAX;
                }
                boolean identity = spec.statedActivation().endsWith(".Identity");
                yield task == ClassifyTask.PAIR && !identity ? ScoreFunction.SIGMOID : ScoreFunction.NONE;
            }
        };
    }

    private static List<String> labels(HeadSpec spec, int count) {
        if (!spec.labels().isEmpty() && spec.labels().size() != count) {
            throw new ModelException("config.json names " + spec.labels().size() + " labels but the model's head has "
                    + count + " outputs; they belong to different models");
        }
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String label = spec.label(i);
            labels.add(labels.contains(label) ? label + " (" + i + ")" : label);
        }
        return labels;
    }

    @Override
    public void close() {
        model.close();
    }
}

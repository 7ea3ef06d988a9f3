package io.textloom.classify;

import io.textloom.embed.EmbedOptions;
import io.textloom.embed.EmbeddingModel;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.TrainedHead;
import io.textloom.model.TrainedHeads;
import io.textloom.runtime.Device;
import io.textloom.tensor.HeadTask;
import io.textloom.token.Tokenizer;
import java.util.List;
import java.util.Locale;

/** An encoder with a head on its frozen vectors, opened: one per executor, safe for concurrent use. */
final class HeadedModel implements ClassifyModel {
    private final EmbeddingModel encoder;
    private final EmbedOptions embedding;
    private final ClassifyOptions options;
    private final TextWords words;
    private final HeadNet net;
    private final ClassifyTask task;

    private HeadedModel(
            EmbeddingModel encoder, EmbedOptions embedding, ClassifyOptions options, TextWords words, HeadNet net) {
        this.encoder = encoder;
        this.embedding = embedding;
        this.options = options;
        this.words = words;
        this.net = net;
        this.task = task(net.head(), options);
    }

    static HeadedModel open(
            ModelFolder folder, ClassifyOptions options, Tokenizer tokenizer, Device device, int threads) {
        HeadNet net;
        TextWords words;
        EmbedOptions embedding;
        try {
            TrainedHeads heads = TrainedHeads.read(folder);
            TrainedHead head = heads.head(options.head());
            task(head, options);
            int hidden = folder.encoderSpec().hidden();
            if (hidden != heads.dimensions()) {
                throw new ModelException(TrainedHeads.FILE + " of " + folder + " is for vectors of "
                        + heads.dimensions() + " but the encoder's have " + hidden
                        + "; they belong to different models");
            }
            net = HeadNet.open(heads, head, TrainedHeads.weights(folder));
            words = TextWords.of(folder, tokenizer);
            embedding = FrozenVectors.options(
                    head.task().tokens(),
                    options.maxTokens() == 0 ? heads.maxTokens() : options.maxTokens(),
                    options.stride(),
                    options.longDocuments(),
                    options.precision(),
                    options.batchTokens());
        } catch (RuntimeException | Error e) {
            tokenizer.close();
            throw e;
        }
        EmbeddingModel encoder = EmbeddingModel.open(folder, embedding, tokenizer, device, threads);
        return new HeadedModel(encoder, embedding, options, words, net);
    }

    private static ClassifyTask task(TrainedHead head, ClassifyOptions options) {
        ClassifyTask task = switch (head.task()) {
            case SEQUENCE -> ClassifyTask.SEQUENCE;
            case PAIR -> ClassifyTask.PAIR;
            case REGRESSION -> head.pair() ? ClassifyTask.PAIR : ClassifyTask.SEQUENCE;
            case TOKEN -> ClassifyTask.TOKEN;
            case SPAN -> ClassifyTask.QUESTION_ANSWERING;
            case CHOICE -> ClassifyTask.CHOICE;
        };
        if (options.task() != ClassifyTask.AUTO && options.task() != task) {
            throw new IllegalArgumentException("classify.task is " + name(options.task()) + " but the head "
                    + head.name() + " does " + name(task) + "; leave the task auto, or choose another classify.head");
        }
        boolean other = options.otherColumn().isPresent() || options.otherText().isPresent();
        if (task == ClassifyTask.CHOICE && options.choicesColumn().isEmpty()) {
            throw new IllegalArgumentException("classify.choicesColumn is empty but the head " + head.name()
                    + " chooses among texts; expected the column that holds each row's list of them");
        }
        if (task == ClassifyTask.QUESTION_ANSWERING && !options.hasQuestion()) {
            throw new IllegalArgumentException("classify.question is empty, and classify.questionColumn, too, but the"
                    + " head " + head.name() + " answers questions; set one of them");
        }
        if (task == ClassifyTask.PAIR && (!other || options.hasQuestion())) {
            throw new IllegalArgumentException("classify has no second text but the head " + head.name()
                    + " takes pairs; expected classify.pairColumn, classify.queryColumn or classify.query");
        }
        if ((task == ClassifyTask.SEQUENCE || task == ClassifyTask.TOKEN || task == ClassifyTask.CHOICE) && other) {
            throw new IllegalArgumentException("classify has a text to go with each text but the head " + head.name()
                    + " does " + name(task) + "; expected none");
        }
        if (options.threshold() > 0) {
            throw new IllegalArgumentException("classify.threshold is " + options.threshold() + " but the head "
                    + head.name() + " does not give several labels at once; leave it 0");
        }
        return task;
    }

    private static String name(ClassifyTask task) {
        return task.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public ClassifyTask task() {
        return task;
    }

    @Override
    public ClassifyEngine engine() {
        return new HeadedClassifier(this, new FrozenVectors(encoder, embedding));
    }

    HeadNet net() {
        return net;
    }

    ClassifyOptions options() {
        return options;
    }

    /** Whether the text beside each text is the first of the pair. */
    boolean otherIsFirst() {
        return options.pairColumn().isEmpty() && net.head().task() != HeadTask.SPAN;
    }

    EntityFinder entities() {
        return new EntityFinder(net.head().labels(), options.aggregation(), words);
    }

    AnswerFinder answers() {
        return new AnswerFinder(
                options.answers(), Math.max(1, options.topK()), options.answerTokens(), options.nullAnswer(), words);
    }

    /** @param labels of the logits */
    LabelFinder labels(List<String> labels) {
        ScoreFunction function = options.activation();
        if (function == ScoreFunction.AUTO) {
            function = net.head().task() == HeadTask.REGRESSION ? ScoreFunction.NONE : ScoreFunction.SOFTMAX;
        }
        return new LabelFinder(labels, function, options.topK(), 0);
    }

    @Override
    public void close() {
        encoder.close();
    }
}

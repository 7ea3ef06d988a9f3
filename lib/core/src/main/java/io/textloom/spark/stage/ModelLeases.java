package io.textloom.spark.stage;

import io.textloom.classify.ClassifyModel;
import io.textloom.classify.ClassifyOptions;
import io.textloom.classify.FillMaskModel;
import io.textloom.classify.FillMaskOptions;
import io.textloom.embed.EmbedOptions;
import io.textloom.embed.EmbeddingModel;
import io.textloom.generate.EngineOptions;
import io.textloom.generate.GenerativeModel;
import io.textloom.model.DecoderSpec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelRef;
import io.textloom.model.ModelStore;
import io.textloom.model.Weights;
import io.textloom.runtime.Device;
import io.textloom.runtime.OnnxImport;
import io.textloom.score.DecoderOptions;
import io.textloom.score.ScoringModel;
import io.textloom.token.Tokenizer;
import io.textloom.token.TokenizerException;
import io.textloom.token.Tokenizers;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens each kind of model for {@link ExecutorModels}. */
public final class ModelLeases {
    /** Native threads of one call: tasks share the cores among themselves. */
    private static final int THREADS_PER_CALL = 1;

    private static final Logger LOG = LoggerFactory.getLogger(ModelLeases.class);

    private ModelLeases() {}

    /** Where models are found and kept on this machine. */
    public static ModelStore store() {
        return OnnxImport.store();
    }

    static ExecutorModels.Lease<Tokenizer> tokenizer(ModelRef model, Configuration conf) {
        return ExecutorModels.instance()
                .lease(
                        new TokenizerKey(model.sha256()),
                        Tokenizer.class,
                        () -> open(store().localiseTokenizer(model, conf)));
    }

    static ExecutorModels.Lease<EmbeddingModel> embedding(
            ModelRef model, EmbedOptions options, Device device, Configuration conf) {
        return lease(new EmbeddingKey(model.sha256(), options, device), device, model, EmbeddingModel.class, () -> {
            ModelFolder folder = store().localise(model, conf);
            return EmbeddingModel.open(folder, options, open(folder), device, THREADS_PER_CALL);
        });
    }

    static ExecutorModels.Lease<ClassifyModel> classifying(
            ModelRef model, ClassifyOptions options, Device device, Configuration conf) {
        return lease(new ClassifyingKey(model.sha256(), options, device), device, model, ClassifyModel.class, () -> {
            ModelFolder folder = store().localise(model, conf);
            return ClassifyModel.open(folder, options, open(folder), device, THREADS_PER_CALL);
        });
    }

    static ExecutorModels.Lease<FillMaskModel> fillingMasks(
            ModelRef model, FillMaskOptions options, Device device, Configuration conf) {
        return lease(new FillMaskKey(model.sha256(), options, device), device, model, FillMaskModel.class, () -> {
            ModelFolder folder = store().localise(model, conf);
            return FillMaskModel.open(folder, options, open(folder), device, THREADS_PER_CALL);
        });
    }

    static ExecutorModels.Lease<ScoringModel> scoring(
            ModelRef model, DecoderOptions options, Device device, Configuration conf) {
        return lease(new ScoringKey(model.sha256(), options, device), device, model, ScoringModel.class, () -> {
            ModelFolder folder = store().localise(model, conf);
            return ScoringModel.open(folder, options, open(folder), device, THREADS_PER_CALL);
        });
    }

    static ExecutorModels.Lease<GenerativeModel> generative(
            ModelRef model, EngineOptions options, Device device, Configuration conf) {
        return lease(new GenerativeKey(model.sha256(), options, device), device, model, GenerativeModel.class, () -> {
            ModelFolder folder = store().localise(model, conf);
            return GenerativeModel.open(
                    DecoderSpec.of(folder),
                    decoderWeights(folder),
                    open(folder),
                    options,
                    device,
                    THREADS_PER_CALL,
                    TaskDevices.lanes(device));
        });
    }

    /** Says in the executor's log which card each task computes on, and how often a model was loaded there. */
    private static <M extends AutoCloseable> ExecutorModels.Lease<M> lease(
            Record key, Device device, ModelRef model, Class<M> type, Supplier<M> opener) {
        ExecutorModels.Lease<M> lease = ExecutorModels.instance().lease(key, device, type, () -> {
            M opened = opener.get();
            LOG.info("opened {} on {}", model.shortName(), device);
            return opened;
        });
        TaskContext task = TaskContext.get();
        if (task != null && !device.equals(Device.CPU)) {
            LOG.info("task {} leases {} on {}", task.taskAttemptId(), model.shortName(), device);
        }
        return lease;
    }

    /** @throws ModelException if the folder has no weights that a decoder can run on */
    static Weights decoderWeights(ModelFolder folder) {
        return folder.weights()
                .orElseThrow(() -> new ModelException(
                        folder.path() + " has no model.safetensors; generation needs the weights as safetensors"));
    }

    private static Tokenizer open(ModelFolder folder) {
        return open(folder.tokenizer());
    }

    private static Tokenizer open(Path tokenizer) {
        try {
            return Tokenizers.open(tokenizer);
        } catch (TokenizerException e) {
            String found = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new ModelException(found + "; copy the model folder again, or save its fast tokenizer into it", e);
        }
    }

    private record TokenizerKey(String sha256) {}

    private record EmbeddingKey(String sha256, EmbedOptions options, Device device) {}

    private record ClassifyingKey(String sha256, ClassifyOptions options, Device device) {}

    private record FillMaskKey(String sha256, FillMaskOptions options, Device device) {}

    private record ScoringKey(String sha256, DecoderOptions options, Device device) {}

    private record GenerativeKey(String sha256, EngineOptions options, Device device) {}
}

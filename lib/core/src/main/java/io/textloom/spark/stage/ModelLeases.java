package io.textloom.spark.stage;

import io.textloom.classify.ClassifyOptions;
import io.textloom.classify.ClassifyingModel;
import io.textloom.classify.FillMaskModel;
import io.textloom.classify.FillMaskOptions;
import io.textloom.embed.EmbedOptions;
import io.textloom.embed.EmbeddingModel;
import io.textloom.generate.GenerativeModel;
import io.textloom.model.Gpt2Spec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelRef;
import io.textloom.model.ModelStore;
import io.textloom.model.Weights;
import io.textloom.runtime.OnnxImport;
import io.textloom.token.Tokenizer;
import io.textloom.token.TokenizerException;
import io.textloom.token.Tokenizers;
import org.apache.hadoop.conf.Configuration;

/** Opens each kind of model for {@link ExecutorModels}. */
public final class ModelLeases {
    /** Native threads of one call: tasks share the cores among themselves. */
    private static final int THREADS_PER_CALL = 1;

    private ModelLeases() {}

    /** Where models are found and kept on this machine. */
    public static ModelStore store() {
        return OnnxImport.store();
    }

    static ExecutorModels.Lease<Tokenizer> tokenizer(ModelRef model, Configuration conf) {
        return ExecutorModels.instance()
                .lease(new TokenizerKey(model.sha256()), Tokenizer.class, () -> open(store().localise(model, conf)));
    }

    static ExecutorModels.Lease<EmbeddingModel> embedding(ModelRef model, EmbedOptions options, Configuration conf) {
        return ExecutorModels.instance().lease(new EmbeddingKey(model.sha256(), options), EmbeddingModel.class, () -> {
            ModelFolder folder = store().localise(model, conf);
            return EmbeddingModel.open(folder, options, open(folder), THREADS_PER_CALL);
        });
    }

    static ExecutorModels.Lease<ClassifyingModel> classifying(
            ModelRef model, ClassifyOptions options, Configuration conf) {
        return ExecutorModels.instance()
                .lease(new ClassifyingKey(model.sha256(), options), ClassifyingModel.class, () -> {
                    ModelFolder folder = store().localise(model, conf);
                    return ClassifyingModel.open(folder, options, open(folder), THREADS_PER_CALL);
                });
    }

    static ExecutorModels.Lease<FillMaskModel> fillingMasks(
            ModelRef model, FillMaskOptions options, Configuration conf) {
        return ExecutorModels.instance().lease(new FillMaskKey(model.sha256(), options), FillMaskModel.class, () -> {
            ModelFolder folder = store().localise(model, conf);
            return FillMaskModel.open(folder, options, open(folder), THREADS_PER_CALL);
        });
    }

    static ExecutorModels.Lease<GenerativeModel> generative(ModelRef model, Configuration conf) {
        return ExecutorModels.instance().lease(new GenerativeKey(model.sha256()), GenerativeModel.class, () -> {
            ModelFolder folder = store().localise(model, conf);
            return GenerativeModel.open(
                    Gpt2Spec.of(folder.config(), folder.generationConfig()),
                    decoderWeights(folder),
                    folder.path(),
                    open(folder),
                    THREADS_PER_CALL);
        });
    }

    /** @throws ModelException if the folder has no weights that a decoder can run on */
    static Weights decoderWeights(ModelFolder folder) {
        return folder.weights()
                .orElseThrow(() -> new ModelException(
                        folder.path() + " has no model.safetensors; generation needs the weights as safetensors"));
    }

    private static Tokenizer open(ModelFolder folder) {
        try {
            return Tokenizers.open(folder.tokenizer());
        } catch (TokenizerException e) {
            String found = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            throw new ModelException(found + "; copy the model folder again, or save its fast tokenizer into it", e);
        }
    }

    private record TokenizerKey(String sha256) {}

    private record EmbeddingKey(String sha256, EmbedOptions options) {}

    private record ClassifyingKey(String sha256, ClassifyOptions options) {}

    private record FillMaskKey(String sha256, FillMaskOptions options) {}

    private record GenerativeKey(String sha256) {}
}

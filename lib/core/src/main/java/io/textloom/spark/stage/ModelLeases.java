package io.textloom.spark.stage;

import io.textloom.embed.EmbedOptions;
import io.textloom.embed.EmbeddingModel;
import io.textloom.generate.GenerativeModel;
import io.textloom.model.Gpt2Spec;
import io.textloom.model.ModelException;
import io.textloom.model.ModelFolder;
import io.textloom.model.ModelRef;
import io.textloom.model.ModelStore;
import io.textloom.runtime.OnnxImport;
import io.textloom.token.Tokenizer;
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
                .lease(
                        new TokenizerKey(model.sha256()),
                        Tokenizer.class,
                        () -> Tokenizers.open(store().localise(model, conf).tokenizer()));
    }

    static ExecutorModels.Lease<EmbeddingModel> embedding(ModelRef model, EmbedOptions options, Configuration conf) {
        return ExecutorModels.instance().lease(new EmbeddingKey(model.sha256(), options), EmbeddingModel.class, () -> {
            ModelFolder folder = store().localise(model, conf);
            return EmbeddingModel.open(folder, options, Tokenizers.open(folder.tokenizer()), THREADS_PER_CALL);
        });
    }

    static ExecutorModels.Lease<GenerativeModel> generative(ModelRef model, Configuration conf) {
        return ExecutorModels.instance().lease(new GenerativeKey(model.sha256()), GenerativeModel.class, () -> {
            ModelFolder folder = store().localise(model, conf);
            return GenerativeModel.open(
                    Gpt2Spec.of(folder.config(), folder.generationConfig()),
                    folder.weights()
                            .orElseThrow(() -> new ModelException(folder.path()
                                    + " has no model.safetensors; generation needs the weights as safetensors")),
                    folder.path(),
                    Tokenizers.open(folder.tokenizer()),
                    THREADS_PER_CALL);
        });
    }

    private record TokenizerKey(String sha256) {}

    private record EmbeddingKey(String sha256, EmbedOptions options) {}

    private record GenerativeKey(String sha256) {}
}

package io.textloom.score;

import io.textloom.model.ModelFolder;
import io.textloom.model.ModelStore;
import io.textloom.runtime.Device;
import io.textloom.runtime.OnnxImport;
import io.textloom.tensor.Precision;
import io.textloom.token.Tokenizers;
import org.apache.hadoop.conf.Configuration;

/** The demo GPT opened to score texts. */
final class Storyteller {
    private Storyteller() {}

    static ScoringModel open(String startToken, int maxTokens) {
        return open(startToken, maxTokens, 0);
    }

    static ScoringModel open(String startToken, int maxTokens, int batchTokens) {
        ModelStore store = OnnxImport.store();
        Configuration conf = new Configuration();
        ModelFolder folder = store.localise(store.resolve("storyteller", conf), conf);
        return ScoringModel.open(
                folder,
                new DecoderOptions(startToken, maxTokens, Precision.FLOAT32, batchTokens),
                Tokenizers.open(folder.tokenizer()),
                Device.CPU,
                1);
    }
}

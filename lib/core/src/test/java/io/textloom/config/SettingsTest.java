package io.textloom.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTest {
    @Test
    void everyDefaultIsOfItsType() {
        for (Job job : Job.values()) {
            for (Setting setting : Settings.of(job)) {
                assertThat(setting.defaultValue(job)).as(setting.key()).isNotNull();
            }
        }
    }

    @Test
    void keysOptionsAndVariablesAreUniqueWithinAJob() {
        for (Job job : Job.values()) {
            List<Setting> settings = Settings.of(job);
            assertThat(new HashSet<>(settings.stream().map(Setting::option).toList()))
                    .hasSameSizeAs(settings);
        }
        assertThat(new HashSet<>(Settings.all().stream().map(Setting::key).toList()))
                .hasSameSizeAs(Settings.all());
        assertThat(new HashSet<>(Settings.all().stream().map(Setting::variable).toList()))
                .hasSameSizeAs(Settings.all());
    }

    @Test
    void aKeyHasAnOptionAndAVariable() {
        assertSpellings("input", "--input", "TEXTLOOM_INPUT");
        assertSpellings("maxErrorRatio", "--max-error-ratio", "TEXTLOOM_MAX_ERROR_RATIO");
        assertSpellings("embed.maxTokens", "--max-tokens", "TEXTLOOM_EMBED_MAX_TOKENS");
        assertSpellings("generate.topP", "--top-p", "TEXTLOOM_GENERATE_TOP_P");
        assertSpellings("spark.partitions", "--partitions", "TEXTLOOM_SPARK_PARTITIONS");
        assertSpellings("verify.readInput", "--read-input", "TEXTLOOM_VERIFY_READ_INPUT");
    }

    @Test
    void theContractsDefaultsHold() {
        assertDefault("model", Job.TOKENIZE, "all-MiniLM-L6-v2");
        assertDefault("model", Job.EMBED, "all-MiniLM-L6-v2");
        assertDefault("device", Job.EMBED, "auto");
        assertDefault("model", Job.GENERATE, "storyteller");
        assertDefault("textColumn", Job.EMBED, "text");
        assertDefault("documents", Job.EMBED, "line");
        assertDefault("mode", Job.EMBED, "resume");
        assertDefault("maxErrorRatio", Job.EMBED, 0.01);
        assertDefault("master", Job.VERIFY, "local[*]");
        assertDefault("embed.longDocuments", Job.EMBED, "chunk");
        assertDefault("embed.batchTokens", Job.EMBED, 0);
        assertDefault("generate.maxNewTokens", Job.GENERATE, 64);
        assertDefault("generate.temperature", Job.GENERATE, 0.0);
        assertDefault("generate.slots", Job.GENERATE, 32);
        assertDefault("mode", Job.TRAIN, "fail");
        assertDefault("train.task", Job.TRAIN, "tokenizer");
        assertDefault("train.type", Job.TRAIN, "bpe");
        assertDefault("train.vocabSize", Job.TRAIN, 30000);
        assertDefault("train.minFrequency", Job.TRAIN, 2);
        assertDefault("train.maxWordBytes", Job.TRAIN, 1024);
        assertDefault("tokenize.maxTokens", Job.TOKENIZE, 0);
        assertDefault("tokenize.specialTokens", Job.TOKENIZE, true);
    }

    private static void assertSpellings(String key, String option, String variable) {
        Setting setting = Settings.find(key).orElseThrow();
        assertThat(setting.option()).isEqualTo(option);
        assertThat(setting.variable()).isEqualTo(variable);
    }

    private static void assertDefault(String key, Job job, Object value) {
        assertThat(Settings.find(key).orElseThrow().defaultValue(job)).as(key).isEqualTo(value);
    }
}

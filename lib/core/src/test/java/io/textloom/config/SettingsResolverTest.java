package io.textloom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsResolverTest {
    private static final String KEY = "embed.maxTokens";

    @TempDir
    Path directory;

    @Test
    void eachLevelBeatsTheOnesBelowIt() {
        Sources sources = Sources.NONE;
        assertMaxTokens(sources, 0, Level.DEFAULT, "built-in default");

        sources = sources.withFile(file("a.conf", "embed.maxTokens = 11"));
        assertMaxTokens(sources, 11, Level.FILE, directory.resolve("a.conf") + ":1");

        sources = sources.withSparkProperties(Map.of("spark.textloom.embed.maxTokens", "12", "spark.master", "yarn"));
        assertMaxTokens(sources, 12, Level.SPARK, "spark.textloom.embed.maxTokens");

        sources = sources.withEnvironment(Map.of("TEXTLOOM_EMBED_MAX_TOKENS", "13", "HOME", "/home/someone"));
        assertMaxTokens(sources, 13, Level.ENVIRONMENT, "TEXTLOOM_EMBED_MAX_TOKENS");

        sources = sources.withAssignments(List.of("embed.maxTokens=14"));
        assertMaxTokens(sources, 14, Level.ASSIGNMENT, "--set embed.maxTokens");

        sources = sources.withOptions(Map.of(KEY, List.of("15")));
        assertMaxTokens(sources, 15, Level.OPTION, "--max-tokens");
    }

    @Test
    void theLastAssignmentOfAKeyCounts() {
        assertMaxTokens(
                Sources.NONE.withAssignments(List.of("embed.maxTokens=1", "embed.maxTokens=2")),
                2,
                Level.ASSIGNMENT,
                "--set embed.maxTokens");
    }

    @Test
    void aHigherLevelReplacesAListWhole() {
        Sources sources = Sources.NONE
                .withFile(file("a.conf", "input = [one, two]"))
                .withOptions(Map.of("input", List.of("three")));

        assertThat(resolve(sources).list("input")).containsExactly("three");
    }

    @Test
    void includesAndSubstitutionsWork() {
        file("base.conf", "root = /data\nembed.stride = 7");
        Path path = file(
                "a.conf",
                "include \"base.conf\"\nroot = null\ncorpus = null\ninput = [\"in/\"${embed.stride}\".txt\"]");

        ResolvedSettings settings = resolve(Sources.NONE.withFile(path));

        assertThat(settings.integer("embed.stride")).isEqualTo(7);
        assertThat(settings.list("input")).containsExactly("in/7.txt");
        assertThat(settings.origin("embed.stride").place()).endsWith("base.conf:2");
    }

    @Test
    void fileAndEnvironmentMayHoldSettingsOfOtherJobs() {
        Sources sources = Sources.NONE
                .withFile(file("a.conf", "generate.topK = 5\nembed.stride = 3"))
                .withEnvironment(Map.of("TEXTLOOM_GENERATE_TOP_K", "6"));

        assertThat(resolve(sources).integer("embed.stride")).isEqualTo(3);
        assertThat(resolve(sources).values()).doesNotContainKey("generate.topK");
        assertThat(SettingsResolver.resolve(Job.GENERATE, sources).integer("generate.topK"))
                .isEqualTo(6);
    }

    @Test
    void anAssignmentOfAnotherJobIsAnError() {
        assertError(
                Sources.NONE.withAssignments(List.of("generate.topK=5")),
                "generate.topK (from --set generate.topK) is a setting of generate and does nothing in embed; leave it out");
    }

    @Test
    void anUnknownKeySuggestsTheNearest() {
        assertError(
                Sources.NONE.withFile(file("a.conf", "embed {\n  maxTokns = 5\n}")),
                "Unknown setting embed.maxTokns (from " + directory.resolve("a.conf")
                        + ":2); did you mean embed.maxTokens?");
        assertError(
                Sources.NONE.withSparkProperties(Map.of("spark.textloom.embed.poling", "cls")),
                "Unknown setting embed.poling (from spark.textloom.embed.poling); did you mean embed.pooling?");
        assertError(
                Sources.NONE.withEnvironment(Map.of("TEXTLOOM_EMBED_MAXTOKENS", "5")),
                "Unknown environment variable TEXTLOOM_EMBED_MAXTOKENS; did you mean TEXTLOOM_EMBED_MAX_TOKENS?");
        assertError(
                Sources.NONE.withAssignments(List.of("maxTokens=5")),
                "Unknown setting maxTokens (from --set maxTokens); did you mean embed.maxTokens?");
        assertError(
                Sources.NONE.withAssignments(List.of("completely.else=5")),
                "Unknown setting completely.else (from --set completely.else); --help lists the settings of each job");
    }

    @Test
    void sparksOwnSettingsAreSentToSpark() {
        assertThatThrownBy(() -> resolve(Sources.NONE.withFile(file("a.conf", "spark.executor.memory = 4g"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("spark-submit --conf");
    }

    @Test
    void aWrongTypeSaysWhatWhereAndWhatWasExpected() {
        String place = directory.resolve("a.conf").toString();
        assertError(
                Sources.NONE.withFile(file("a.conf", "\n\nembed.maxTokens = many")),
                "embed.maxTokens is \"many\" (from " + place + ":3); expected a whole number, unit: tokens");
        assertError(
                Sources.NONE.withFile(file("a.conf", "embed.maxTokens = 5.5")),
                "embed.maxTokens is \"5.5\" (from " + place + ":1); expected a whole number, unit: tokens");
        assertError(
                Sources.NONE.withFile(file("a.conf", "embed.prompt = [a]")),
                "embed.prompt is a list (from " + place + ":1); expected a text");
        assertError(
                Sources.NONE.withFile(file("a.conf", "embed.prompt { a = 1 }")),
                "embed.prompt is an object (from " + place + ":1); expected a text");
        assertError(
                Sources.NONE.withEnvironment(Map.of("TEXTLOOM_MAX_ERROR_RATIO", "1%")),
                "maxErrorRatio is \"1%\" (from TEXTLOOM_MAX_ERROR_RATIO); expected a number, unit: rejected rows over rows read");
        assertError(
                Sources.NONE.withOptions(Map.of("embed.pooling", List.of("men"))),
                "embed.pooling is \"men\" (from --pooling); expected one of model, mean, cls, pooler, max, mean-sqrt-len, last, none; did you mean mean?");
        assertError(
                Sources.NONE.withOptions(Map.of("json", List.of("maybe"))),
                "json is \"maybe\" (from --json); expected true or false");
    }

    @Test
    void aMissingOrBrokenFileIsAnError() {
        assertThatThrownBy(() -> resolve(Sources.NONE.withFile(directory.resolve("none.conf"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("none.conf is not a file");
        assertThatThrownBy(() -> resolve(Sources.NONE.withFile(file("a.conf", "embed { maxTokens = 3"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("a.conf: 1");
    }

    @Test
    void anAssignmentNeedsAValue() {
        assertError(
                Sources.NONE.withAssignments(List.of("embed.maxTokens")),
                "--set embed.maxTokens has no value; expected --set key=value");
    }

    @Test
    void anEmptyVariableIsUnset() {
        assertMaxTokens(
                Sources.NONE.withEnvironment(Map.of("TEXTLOOM_EMBED_MAX_TOKENS", "")),
                0,
                Level.DEFAULT,
                "built-in default");
    }

    @Test
    void listsAreSplitAsTheirKindNeeds() {
        assertThat(given("input", "a, b", "c").list("input")).containsExactly("a", "b", "c");
        assertThat(given("input", "in/{a,b}.txt").list("input")).containsExactly("in/{a,b}.txt");
        assertThat(given("input", "sql:SELECT id, text FROM t").list("input"))
                .containsExactly("sql:SELECT id, text FROM t");
        assertThat(given("keepColumns", "lang,topic").list("keepColumns")).containsExactly("lang", "topic");
        assertThat(SettingsResolver.resolve(
                                Job.GENERATE,
                                Sources.NONE.withOptions(Map.of("generate.stop", List.of("Once, twice", "\\n\\n"))))
                        .list("generate.stop"))
                .containsExactly("Once, twice", "\n\n");
        assertThat(SettingsResolver.resolve(
                                Job.GENERATE, Sources.NONE.withAssignments(List.of("generate.stop=[\"a,b\", \"\\n\"]")))
                        .list("generate.stop"))
                .containsExactly("a,b", "\n");
        assertThat(SettingsResolver.resolve(
                                Job.GENERATE,
                                Sources.NONE.withOptions(
                                        Map.of("generate.stop", List.of("[END]", "[a, b]", "[]", "[\"END\"]"))))
                        .list("generate.stop"))
                .containsExactly("[END]", "a", "b", "END");
    }

    @Test
    void theManifestsMapHoldsEverySettingOfTheJob() {
        ResolvedSettings settings = given("input", "a", "b");

        assertThat(settings.asMap().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Settings.of(Job.EMBED).stream().map(Setting::key).toList());
        assertThat(settings.asMap()).containsEntry("input", "[\"a\",\"b\"]").containsEntry("embed.pooling", "model");
    }

    private static ResolvedSettings given(String key, String... texts) {
        return resolve(Sources.NONE.withOptions(Map.of(key, List.of(texts))));
    }

    private static ResolvedSettings resolve(Sources sources) {
        return SettingsResolver.resolve(Job.EMBED, sources);
    }

    private static void assertMaxTokens(Sources sources, int value, Level level, String place) {
        ResolvedSettings settings = resolve(sources);
        assertThat(settings.integer(KEY)).isEqualTo(value);
        assertThat(settings.origin(KEY)).isEqualTo(new Origin(level, place));
    }

    private static void assertError(Sources sources, String message) {
        assertThatThrownBy(() -> resolve(sources))
                .isInstanceOf(ConfigException.class)
                .hasMessage(message);
    }

    private Path file(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

package io.textloom.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.textloom.config.StepFile.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepFileTest {
    @TempDir
    Path directory;

    @Test
    void ownSettingsBeatSharedOnesAndBothAreNamedByLine() throws IOException {
        List<Step> steps = read("""
                model = bge-small-zh-v1.5
                tokenize.maxTokens = 9
                steps = [
                  {job = tokenize, input = a, output = b}
                  {name = last, job = embed, input = a, output = c, model = all-MiniLM-L6-v2}
                ]
                """);
        assertThat(steps).extracting(Step::name).containsExactly("tokenize", "last");
        ResolvedSettings tokenize = steps.get(0).settings();
        assertThat(tokenize.text("model")).isEqualTo("bge-small-zh-v1.5");
        assertThat(tokenize.integer("tokenize.maxTokens")).isEqualTo(9);
        ResolvedSettings embed = steps.get(1).settings();
        assertThat(embed.text("model")).isEqualTo("all-MiniLM-L6-v2");
        assertThat(embed.origin("model").place()).endsWith("steps.conf:5");
    }

    @Test
    void theEnvironmentAndAssignmentsStandAboveTheFile() throws IOException {
        Path file = write("limit = 1\nsteps = [{job = tokenize, input = a, output = b, where = x}]");
        Sources told =
                Sources.NONE.withEnvironment(Map.of("TEXTLOOM_WHERE", "y")).withAssignments(List.of("limit=3"));
        ResolvedSettings settings = StepFile.read(file, told).get(0).settings();
        assertThat(settings.text("where")).isEqualTo("y");
        assertThat(settings.longInteger("limit")).isEqualTo(3);
    }

    @Test
    void whatIsWrongIsNamedWithItsPlace() {
        assertWrong("steps = []", "has no steps; expected steps = [");
        assertWrong("steps = [7]", "steps.conf:1) is 7; expected {job");
        assertWrong("steps = [{input = a}]", "has no job; expected job = one of tokenize");
        assertWrong("steps = [{job = doctor}]", "has the job doctor; expected one of tokenize");
        assertWrong("steps = [{job = 7}]", "steps.conf:1) is 7; expected a text");
        assertWrong(
                "steps = [{job = embed, output = a}\n{job = embed, output = b}]",
                "Two steps have the name embed, the second from ");
        assertWrong("steps = [{job = embed, inptu = a}]", "did you mean input?");
        assertWrong("steps = [{job = embed, generate.seed = 7}]", "does nothing in embed");
        assertWrong("embedd.maxTokens = 3\nsteps = [{job = embed}]", "Unknown setting embedd.maxTokens");
        assertWrong("steps = [", "cannot be read");
        assertThatThrownBy(() -> StepFile.read(directory.resolve("none"), Sources.NONE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is not a file");
    }

    private void assertWrong(String text, String message) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ConfigException.class).hasMessageContaining(message);
    }

    private List<Step> read(String text) throws IOException {
        return StepFile.read(write(text), Sources.NONE);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("steps.conf"), text);
    }
}

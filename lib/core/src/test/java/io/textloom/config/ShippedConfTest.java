package io.textloom.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The files in {@code conf/} say what the settings table says; {@code -Dconf.write=true} writes them anew. */
class ShippedConfTest {
    private static final Path CONF = Path.of("..", "..", "conf");

    @ParameterizedTest
    @EnumSource(names = {"TOKENIZE", "EMBED", "GENERATE", "SCORE", "CLASSIFY", "TRAIN"})
    void keysAndDefaultsAreThoseOfTheTable(Job job) {
        Path file = CONF.resolve(job.title() + ".conf");

        Set<String> keys = ConfigFactory.parseFile(file.toFile()).entrySet().stream()
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(keys)
                .containsExactlyInAnyOrderElementsOf(
                        Settings.of(job).stream().map(Setting::key).toList());

        ResolvedSettings shipped = SettingsResolver.resolve(job, Sources.NONE.withFile(file));
        for (Setting setting : Settings.of(job)) {
            assertThat(shipped.get(setting.key()).value()).as(setting.key()).isEqualTo(setting.defaultValue(job));
            assertThat(shipped.origin(setting.key()).level()).isEqualTo(Level.FILE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TOKENIZE", "EMBED", "GENERATE", "SCORE", "CLASSIFY", "TRAIN"})
    void commentsAreThoseOfTheTable(Job job) throws IOException {
        Path file = CONF.resolve(job.title() + ".conf");
        if (Boolean.getBoolean("conf.write")) {
            Files.writeString(file, render(job));
        }
        assertThat(file).hasContent(render(job));
    }

    private static String render(Job job) {
        StringBuilder text = new StringBuilder();
        text.append("# Every setting of textloom ").append(job.title()).append(" with its default. HOCON.\n");
        text.append("#   scripts/textloom ").append(job.title());
        text.append(" --config conf/").append(job.title()).append(".conf --input corpus --output out");
        text.append(needsModel(job) ? " --model FOLDER\n" : "\n");
        text.append(
                "# A setting that is left out has its default; the environment, --set and options beat this file.\n");
        for (Setting setting : Settings.of(job)) {
            text.append('\n');
            wrap(setting.help(), text);
            wrap(facts(setting, job), text);
            text.append(setting.key()).append(" = ").append(value(setting, job)).append('\n');
        }
        return text.toString();
    }

    /** Whether the job has a model, and none that is taken where nobody names one. */
    private static boolean needsModel(Job job) {
        // of the trainings one alone takes a model
        return job != Job.TRAIN
                && Settings.of(job).stream()
                        .anyMatch(s ->
                                s.key().equals("model") && s.defaultText(job).isEmpty());
    }

    private static String facts(Setting setting, Job job) {
        String defaultText = setting.defaultText(job);
        return (setting.choices().isEmpty()
                        ? "type: " + setting.type().name().toLowerCase(Locale.ROOT)
                        : "one of: " + String.join(", ", setting.choices()))
                + (setting.unit().isEmpty() ? "" : "; unit: " + setting.unit())
                + "; default: " + (defaultText.isEmpty() ? "none" : defaultText);
    }

    private static String value(Setting setting, Job job) {
        return switch (setting.type()) {
            case INT, LONG, DOUBLE, BOOLEAN -> setting.defaultText(job);
            case ENUM -> setting.defaultText(job);
            default -> ConfigValueFactory.fromAnyRef(setting.defaultValue(job)).render(ConfigRenderOptions.concise());
        };
    }

    private static void wrap(String sentence, StringBuilder text) {
        int column = 0;
        for (String word : List.of(sentence.split(" "))) {
            if (column == 0 || column + 1 + word.length() > 100) {
                text.append(column == 0 ? "#" : "\n#");
                column = 1;
            }
            text.append(' ').append(word);
            column += 1 + word.length();
        }
        text.append('\n');
    }
}

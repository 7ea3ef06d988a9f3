package io.textloom.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.textloom.spark.Progress.Snapshot;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleProgressTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private long nanos;

    @Test
    void aLineSaysHowFarAndHowLong() {
        assertThat(ConsoleProgress.line("embed", "rows", new Snapshot(1200, 4800, 34_560, 10)))
                .isEqualTo("embed: 1,200 of 4,800 rows (25%), 3,456 tokens/s, ETA 0:30");
        assertThat(ConsoleProgress.line("embed", "rows", new Snapshot(100, 100_000, 1000, 20)))
                .isEqualTo("embed: 100 of 100,000 rows (0%), 50 tokens/s, ETA 5:33:00");
        assertThat(ConsoleProgress.line("embed", "rows", new Snapshot(5, -1, 0, 0)))
                .isEqualTo("embed: 5 rows");
        assertThat(ConsoleProgress.line("embed", "rows", new Snapshot(7, 7, 70, 7)))
                .isEqualTo("embed: 7 of 7 rows (100%), 10 tokens/s");
        assertThat(ConsoleProgress.line("merging", "tokens", new Snapshot(300, 1200, 0, 1)))
                .isEqualTo("merging: 300 of 1,200 tokens (25%), ETA 0:03");
    }

    @Test
    void elsewhereThanOnATerminalALineComesEveryTenSeconds() {
        ConsoleProgress progress = progress(false);
        progress.started("embed");
        for (int second = 1; second <= 25; second++) {
            nanos = second * 1_000_000_000L;
            progress.advanced(new Snapshot(second, 100, 0, second));
        }
        progress.finished();

        assertThat(err.toString(UTF_8).lines())
                .containsExactly(
                        "embed …", "embed: 10 of 100 rows (10%), ETA 1:30", "embed: 20 of 100 rows (20%), ETA 1:20");
    }

    @Test
    void onATerminalTheLineIsRewrittenAndClearedAtTheEnd() {
        ConsoleProgress progress = progress(true);
        progress.started("embed");
        nanos = 100_000_000L;
        progress.advanced(new Snapshot(1, -1, 0, 0));
        nanos = 300_000_000L;
        progress.advanced(new Snapshot(2, -1, 0, 0));
        progress.close();
        progress.close();

        assertThat(err.toString(UTF_8)).isEqualTo("\r\u001b[Kembed …\r\u001b[Kembed: 2 rows\r\u001b[K");
    }

    private ConsoleProgress progress(boolean terminal) {
        PrintStream stream = new PrintStream(err, true, UTF_8);
        return new ConsoleProgress(new Console(stream, stream, Map.of(), terminal), () -> nanos);
    }
}

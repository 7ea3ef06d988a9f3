package io.textloom.bench.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was found of decoding, in words. */
final class DecodingReport {
    /** H200. unit: GB/s */
    static final double PEAK_GBS = 4800;

    private static final double GOAL_ONE_STREAM_MILLIS = 0.5;
    private static final double GOAL_OF_BOUND = 2;

    private DecodingReport() {}

    /** @param peak bandwidth of the device's memory; 0 if unknown; unit: GB/s */
    static List<String> lines(Decoding decoding, double peak) {
        List<String> lines = new ArrayList<>();
        Decoding.Agreement parity = decoding.parity();
        lines.add(line("GPT-2, greedy; keys and values lie in %s", decoding.place()));
        lines.add(line(
                "parity with float32 on the CPU: %s (%d of %d tokens are the CPU's, the others at most %.4f deviations less likely; expected %.2f)",
                parity.holds() ? "holds" : "FAILS",
                parity.equal(),
                parity.tokens(),
                parity.regret(),
                Decoding.Agreement.MOST_REGRET));
        lines.add("");
        lines.add("| slots | ms a step | tokens/s | bound of memory, ms |");
        lines.add("|---|---|---|---|");
        for (Decoding.Figure figure : decoding.figures()) {
            lines.add(
                    figure.fits()
                            ? line(
                                    "| %d | %.3f | %.0f | %s |",
                                    figure.slots(),
                                    figure.stepMillis(),
                                    figure.tokensPerSecond(),
                                    peak > 0 ? line("%.3f", figure.boundMillis(peak)) : "–")
                            : line("| %d | out of memory | | |", figure.slots()));
        }
        return lines;
    }

    /** How the goals of GPT-2 small on an H200 stand. */
    static List<String> goals(Decoding decoding) {
        List<String> lines = new ArrayList<>();
        for (Decoding.Figure figure : decoding.figures()) {
            if (figure.fits() && figure.slots() == 1) {
                lines.add(line(
                        "goal     one stream in %.1f ms a step: %s (%.3f)",
                        GOAL_ONE_STREAM_MILLIS,
                        figure.stepMillis() <= GOAL_ONE_STREAM_MILLIS ? "reached" : "missed",
                        figure.stepMillis()));
            }
            if (figure.fits() && figure.slots() == 256) {
                double times = figure.stepMillis() / figure.boundMillis(PEAK_GBS);
                lines.add(line(
                        "goal     256 slots within %.0f times the bound of memory: %s (%.1f)",
                        GOAL_OF_BOUND, times <= GOAL_OF_BOUND ? "reached" : "missed", times));
            }
        }
        return lines;
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}

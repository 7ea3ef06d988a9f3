package io.textloom.bench.gpu;

import io.textloom.bench.Json;
import io.textloom.bench.Options;
import io.textloom.model.ModelFolder;
import io.textloom.runtime.Device;
import io.textloom.runtime.EncoderRequest;
import io.textloom.runtime.EncoderSession;
import io.textloom.tensor.Pooling;
import io.textloom.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Parity, throughput and decoding of one device, printed as tables. Exits 1 if parity or, on a card, the least goal is missed. */
final class GpuCheck {
    private static final int[] CARD_BUDGETS = {4096, 16384, 32768, 65536, 131072};
    private static final int[] CPU_BUDGETS = {512, 1024};
    private static final int[] SLOTS = {1, 32, 256};
    private static final long SEED = 20;

    private final Device device;
    private final RandomBert.Shape shape;
    private final Precision precision;
    private final int callers;
    private final double seconds;
    private final double peak;

    private GpuCheck(Options options) {
        boolean card = options.text("device", "cuda").equals("cuda");
        if (!card && !options.text("device", "").equals("cpu")) {
            throw new IllegalArgumentException("--device is " + options.text("device") + "; expected cuda or cpu");
        }
        device = card ? Device.cuda(options.integer("index", 0), options.text("provider-library", "")) : Device.CPU;
        shape = RandomBert.Shape.valueOf(
                options.text("shape", card ? "base" : "toy").toUpperCase(Locale.ROOT));
        precision = Precision.valueOf(
                options.text("precision", card ? "float16" : "float32").toUpperCase(Locale.ROOT));
        callers = options.integer("callers", 2);
        seconds = Double.parseDouble(options.text("seconds", "2"));
        peak = Double.parseDouble(options.text("peak-tflops", String.valueOf(card ? Goal.PEAK_TFLOPS : 0)));
    }

    /**
     * All that was found.
     *
     * @param peakTflops of the device, for the utilisation; 0 if unknown
     */
    record Result(
            String time,
            String card,
            String device,
            String shape,
            Precision precision,
            int callers,
            double peakTflops,
            Parity parity,
            List<Throughput.Figure> figures,
            Decoding decoding) {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options = Options.parse(arguments);
        boolean passed;
        try {
            passed = new GpuCheck(options).run(options);
        } catch (IllegalArgumentException e) {
            System.err.println("gpu-check: " + e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(passed ? 0 : 1);
    }

    private boolean run(Options options) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(options.path("work").resolve(shape + "-" + SEED));
        if (!Files.exists(folder.resolve("model.safetensors"))) {
            RandomBert.write(folder, shape.spec, SEED);
        }
        String card = options.text("card", "");
        System.out.printf(
                Locale.ROOT,
                "device %s%s · shape %s (%.1f MFLOP a token at 512) · %s · %d callers%n%n",
                device,
                card.isEmpty() ? "" : " (" + card + ")",
                shape.name().toLowerCase(Locale.ROOT),
                shape.spec.flops(512) / 512 / 1e6,
                precision,
                callers);
        ModelFolder model = ModelFolder.open(folder);
        try (EncoderSession checked = open(model, precision, device, 1)) {
            Parity parity = parity(model, checked);
            System.out.printf(
                    Locale.ROOT,
                    "parity with float32 on the CPU: %s (cosine of %d texts: least %.6f, mean %.6f; expected %.3f)%n%n",
                    parity.holds() ? "holds" : "FAILS",
                    parity.texts(),
                    parity.least(),
                    parity.mean(),
                    Parity.LEAST_COSINE);
            List<Throughput.Figure> figures = throughput(checked);
            Optional<Throughput.Figure> best = best(figures, Workload.TOKENS_512);
            boolean judged = device.kind() == Device.Kind.CUDA && shape == RandomBert.Shape.BASE;
            if (judged && best.isPresent()) {
                System.out.println();
                for (Goal goal : Goal.values()) {
                    System.out.println(goal.judge(best.get().tokensPerSecond()));
                }
            }
            Decoding decoding = decoding(options);
            String results = options.text("results", "");
            if (!results.isEmpty()) {
                Json.write(
                        Path.of(results),
                        new Result(
                                Instant.now().toString(),
                                card,
                                device.toString(),
                                shape.name(),
                                precision,
                                callers,
                                peak,
                                parity,
                                figures,
                                decoding));
            }
            return parity.holds()
                    && decoding.parity().holds()
                    && (!judged
                            || best.filter(f -> Goal.LEAST.reached(f.tokensPerSecond()))
                                    .isPresent());
        }
    }

    private Decoding decoding(Options options) throws IOException {
        boolean toy = shape == RandomBert.Shape.TOY;
        boolean card = device.kind() == Device.Kind.CUDA;
        int threads = card ? 1 : Runtime.getRuntime().availableProcessors();
        // without a card, what a card does with keys and values is tried in memory of the CPU's allocator
        Device decoder = card ? device : Device.cudaOnCpu(0);
        Decoding decoding = Decoding.of(options.path("work"), toy, precision, decoder, threads, SLOTS, seconds);
        System.out.println();
        DecodingReport.lines(decoding, card ? DecodingReport.PEAK_GBS : 0).forEach(System.out::println);
        if (card && !toy) {
            System.out.println();
            DecodingReport.goals(decoding).forEach(System.out::println);
        }
        return decoding;
    }

    private static Parity parity(ModelFolder model, EncoderSession checked) {
        int cores = Runtime.getRuntime().availableProcessors();
        try (EncoderSession reference = open(model, Precision.FLOAT32, Device.CPU, cores)) {
            return Parity.of(reference, checked);
        }
    }

    private static EncoderSession open(ModelFolder model, Precision precision, Device device, int threads) {
        EncoderRequest request =
                new EncoderRequest(Optional.of(Pooling.MEAN), false, true, List.of(-1), false, precision);
        return EncoderSession.open(model, request, device, threads);
    }

    private List<Throughput.Figure> throughput(EncoderSession session) throws InterruptedException {
        Throughput throughput = new Throughput(session, callers, seconds);
        List<Throughput.Figure> figures = new ArrayList<>();
        System.out.println("| texts | batch, tokens | tokens/s | TFLOP/s | MFU | real tokens of padded | |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (Workload workload : Workload.values()) {
            List<Throughput.Figure> found = new ArrayList<>();
            for (int budget : device.kind() == Device.Kind.CUDA ? CARD_BUDGETS : CPU_BUDGETS) {
                Optional<Throughput.Figure> figure = throughput.measure(workload, budget);
                if (figure.isEmpty()) {
                    System.out.printf("| %s | %d | out of memory | | | | |%n", workload.title(), budget);
                    break;
                }
                found.add(figure.get());
            }
            Optional<Throughput.Figure> best = best(found, workload);
            found.forEach(figure -> print(figure, best.filter(figure::equals).isPresent()));
            figures.addAll(found);
        }
        return figures;
    }

    private void print(Throughput.Figure figure, boolean best) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %.0f | %.3f | %s | %.0f%% | %s |%n",
                figure.workload(),
                figure.budget(),
                figure.tokensPerSecond(),
                figure.tflops(),
                peak > 0 ? String.format(Locale.ROOT, "%.1f%%", 100 * figure.tflops() / peak) : "–",
                100 * figure.padding(),
                best ? "best" : "");
    }

    private static Optional<Throughput.Figure> best(List<Throughput.Figure> figures, Workload workload) {
        return figures.stream()
                .filter(figure -> figure.workload().equals(workload.title()))
                .max(Comparator.comparingDouble(Throughput.Figure::tokensPerSecond));
    }
}

package io.textloom.bench.embed;

import io.textloom.bench.Options;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Textloom once more with other settings.
 *
 * @param settings {@code key=value;…}, on top of those of every run of Textloom
 */
record Variant(String name, String settings) {
    /** Behind the option {@code --int8}. */
    static final String INT8 = "int8:embed.precision=int8";

    Variant {
        if (!name.matches("[\\w.-]+") || !settings.contains("=")) {
            throw new IllegalArgumentException("The variant is " + name + ":" + settings
                    + "; expected name:key=value;… with letters, digits, dots and hyphens in the name");
        }
    }

    static Variant parse(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? new Variant(text, "") : new Variant(text.substring(0, colon), text.substring(colon + 1));
    }

    /** Those of {@code --variant}, and int8 if asked for. */
    static List<Variant> of(Options options) {
        Stream<String> int8 = options.flag("int8") ? Stream.of(INT8) : Stream.empty();
        List<Variant> variants = new ArrayList<>();
        Stream.concat(int8, options.all("variant").stream()).map(Variant::parse).forEach(variants::add);
        if (variants.stream().map(Variant::name).distinct().count() < variants.size()) {
            throw new IllegalArgumentException("Two variants have one name; give each --variant its own");
        }
        return variants;
    }

    /** @param common settings of every run of Textloom, or empty */
    String on(String common) {
        return common.isBlank() ? settings : common + ";" + settings;
    }
}

package io.textloom.prompt.jinja;

import io.textloom.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Templates parsed and rendered, lenient and strict, with a hundredth of the default limits. */
public final class TemplateFuzz {
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 3, 5, 9, 7, 3);
    private static final Limits LIMITS = new Limits(1 << 19, 2_000_000, 50);
    private static final Map<String, Object> VARIABLES = Map.of(
            "messages",
            List.of(
                    Map.of("role", "system", "content", "You are kind."),
                    Map.of("role", "user", "content", "Hello <b>you</b>"),
                    Map.of("role", "assistant", "content", List.of(Map.of("type", "text", "text", "Hi")))),
            "add_generation_prompt",
            true,
            "bos_token",
            "<s>",
            "eos_token",
            "</s>",
            "tools",
            List.of(),
            "n",
            7,
            "text",
            "a b c");

    private TemplateFuzz() {}

    public static FuzzTarget target() {
        return new FuzzTarget(
                "template", FuzzTarget.Shape.TEXT, Set.of(TemplateException.class), 256 << 20, 2000, input -> {
                    String source = new String(input, StandardCharsets.UTF_8);
                    long feature = -1;
                    try {
                        feature = Template.strict(source).variables().size();
                    } catch (TemplateException e) {
                        // lenient templates take more
                    }
                    String text = Template.lenient(source).render(VARIABLES, NOW, LIMITS);
                    return 64 * feature - Integer.numberOfLeadingZeros(text.length());
                });
    }
}

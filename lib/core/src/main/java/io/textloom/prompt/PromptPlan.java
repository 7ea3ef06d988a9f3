package io.textloom.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.textloom.prompt.jinja.Template;
import io.textloom.prompt.jinja.TemplateException;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Options that were checked against the model's folder and the examples: all that a task needs to make prompts.
 *
 * @param template of the prompt, or of the user's message in chats
 * @param required columns that the template reads
 * @param optional columns that it reads where they exist
 * @param readsText whether the text column is read
 * @param chatTemplate empty where prompts are no chats
 * @param chatVariables special tokens and what the options add
 * @param spellings of special tokens, which values may not hold; empty where they may
 * @param turns whether examples are turns of the chat, and not the template's to show
 */
public record PromptPlan(
        PromptOptions options,
        String template,
        String textColumn,
        List<String> required,
        List<String> optional,
        boolean readsText,
        String chatTemplate,
        TreeMap<String, Object> chatVariables,
        List<String> spellings,
        boolean turns,
        LocalDateTime now)
        implements Serializable {
    /** What a template sees besides columns. */
    static final String EXAMPLES = "examples";

    static final String SYSTEM = "system";
    static final String INPUT = "input";

    private static final String ALONE = "{{ input }}";
    private static final String PLAIN = """
            {%- if system %}{{ system ~ '\\n\\n' }}{% endif -%}
            {%- for example in examples -%}
            {{ 'Input: ' ~ example[text_column] ~ '\\nOutput: ' ~ example[answer_column] ~ '\\n\\n' }}
            {%- endfor -%}
            {{ 'Input: ' ~ input ~ '\\nOutput:' if examples else input -}}
            """;
    private static final Set<String> OWN = Set.of(EXAMPLES, SYSTEM);

    public PromptPlan {
        required = List.copyOf(required);
        optional = List.copyOf(optional);
        spellings = List.copyOf(spellings);
    }

    /**
     * What the options mean for a model; empty where the text column is the prompt as it is.
     *
     * @param options with the template's text, not its file
     * @throws IllegalArgumentException for a template that cannot be parsed, and for options that do not fit the folder or each other
     */
    public static Optional<PromptPlan> of(PromptOptions options, Path folder, String textColumn, LocalDateTime now) {
        ChatFolder files = new ChatFolder(folder);
        Optional<String> chat =
                options.chat() == ChatUse.FALSE ? Optional.empty() : files.template(options.chatTemplate());
        requireChat(options, folder, chat.isPresent());
        boolean examples = options.examples().isUsed();
        boolean own = !options.template().isEmpty();
        List<String> forbidden = options.specialTexts() == SpecialTexts.REJECT ? files.specialSpellings() : List.of();
        if (chat.isEmpty() && !own && !examples && options.system().isEmpty()) {
            if (forbidden.isEmpty()) {
                return Optional.empty();
            }
            // the text alone, of which the end is kept as it is where nobody looks at it
            return Optional.of(alone(options.cutting(TextCut.BEGINNING), textColumn, forbidden, now));
        }
        String template = own ? options.template() : chat.isPresent() ? ALONE : PLAIN;
        Set<String> required = new LinkedHashSet<>();
        Set<String> optional = new LinkedHashSet<>();
        Set<String> reads = Set.of();
        if (own) {
            Template parsed = parse("generate.template", template);
            reads = parsed.variables().keySet();
            required.addAll(reads);
            required.removeAll(parsed.optionalVariables());
            optional.addAll(parsed.optionalVariables());
        }
        required.removeAll(OWN);
        optional.removeAll(OWN);
        boolean messages = !options.messagesColumn().isEmpty();
        if (messages) {
            required.add(options.messagesColumn());
        }
        boolean readsText = !own && !messages || required.contains(textColumn);
        required.remove(textColumn);
        requireSeen(options, chat.isPresent(), own, reads);
        requireCut(options, required, optional, readsText ? textColumn : "");
        chat.ifPresent(source -> parse("generate.chat", source));
        TreeMap<String, Object> variables = new TreeMap<>(files.specialTokens());
        variables.putAll(chatVariables(options.chatVariables()));
        return Optional.of(new PromptPlan(
                options,
                template,
                textColumn,
                new ArrayList<>(required),
                new ArrayList<>(optional),
                readsText,
                chat.orElse(""),
                variables,
                forbidden,
                chat.isPresent() && !reads.contains(EXAMPLES),
                today(options.date(), now)));
    }

    private static PromptPlan alone(
            PromptOptions options, String textColumn, List<String> forbidden, LocalDateTime now) {
        return new PromptPlan(
                options, ALONE, textColumn, List.of(), List.of(), true, "", new TreeMap<>(), forbidden, false, now);
    }

    private static void requireChat(PromptOptions options, Path folder, boolean chat) {
        if (!chat
                && (options.chat() == ChatUse.TRUE || !options.messagesColumn().isEmpty())) {
            String key = options.chat() == ChatUse.TRUE
                    ? "generate.chat is true"
                    : "generate.messagesColumn is " + options.messagesColumn();
            throw new IllegalArgumentException(key + " but the model's folder " + folder
                    + " has no chat template; expected one in tokenizer_config.json or chat_template.jinja");
        }
    }

    private static void requireSeen(PromptOptions options, boolean chat, boolean own, Set<String> reads) {
        if (own && !chat && options.examples().isUsed() && !reads.contains(EXAMPLES)) {
            throw new IllegalArgumentException("generate.examples is given but the template does not read the variable"
                    + " examples; expected something like {% for e in examples %}…{% endfor %}");
        }
        if (own && !chat && !options.system().isEmpty() && !reads.contains(SYSTEM)) {
            throw new IllegalArgumentException(
                    "generate.system is given but the template does not read the variable system;"
                            + " expected {{ system }} in it, or a model with a chat template");
        }
    }

    private static void requireCut(PromptOptions options, Set<String> required, Set<String> optional, String text) {
        String cut = options.cutColumn();
        if (!cut.isEmpty() && !required.contains(cut) && !optional.contains(cut) && !cut.equals(text)) {
            throw new IllegalArgumentException("generate.cutColumn is " + cut
                    + ", which the prompt does not read; expected one of its columns, such as "
                    + (text.isEmpty() ? String.join(", ", required) : text));
        }
    }

    private static Template parse(String key, String source) {
        try {
            return key.equals("generate.chat") ? Template.lenient(source) : Template.strict(source);
        } catch (TemplateException e) {
            throw new IllegalArgumentException(
                    key + (key.equals("generate.chat") ? ": the model's chat template" : "") + " cannot be read, "
                            + e.getMessage(),
                    e);
        }
    }

    private static TreeMap<String, Object> chatVariables(List<String> given) {
        TreeMap<String, Object> variables = new TreeMap<>();
        for (String entry : given) {
            int equals = entry.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "generate.chatVariables is " + entry + "; expected name=value, such as enable_thinking=false");
            }
            String value = entry.substring(equals + 1);
            @Nullable Object parsed;
            try {
                parsed = new ObjectMapper().readValue(value, Object.class);
            } catch (JsonProcessingException e) {
                parsed = value;
            }
            if (parsed != null) {
                variables.put(entry.substring(0, equals), parsed);
            }
        }
        return variables;
    }

    private static LocalDateTime today(String date, LocalDateTime now) {
        try {
            return date.isEmpty() ? now : LocalDate.parse(date).atStartOfDay();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("generate.date is " + date + "; expected a day such as 2026-03-05", e);
        }
    }

    /** @throws IllegalArgumentException if the examples lack a column that prompts need */
    public void requireExamples(ExampleTable table) {
        List<String> needed = new ArrayList<>();
        if (turns || options.template().isEmpty()) {
            needed.addAll(required);
            needed.remove(options.messagesColumn());
            if (readsText || !options.messagesColumn().isEmpty()) {
                needed.add(textColumn);
            }
            needed.add(options.examples().answerColumn());
        }
        needed.removeAll(table.columns());
        if (!needed.isEmpty()) {
            throw new IllegalArgumentException("generate.examples has no column " + needed.get(0) + "; its columns are "
                    + String.join(", ", table.columns())
                    + ". Set generate.exampleAnswer to the one with the answers, or rename a column by sql:SELECT …");
        }
    }

    /**
     * Columns of the examples whose texts are compared with a row's: what rows and examples have in common, or else all but the answer.
     *
     * @param ofExamples columns of their table
     */
    public List<String> comparedColumns(List<String> ofExamples) {
        if ((readsText || !options.messagesColumn().isEmpty()) && ofExamples.contains(textColumn)) {
            return List.of(textColumn);
        }
        List<String> compared = new ArrayList<>(required);
        compared.addAll(optional);
        compared.retainAll(ofExamples);
        if (compared.isEmpty()) {
            compared.addAll(ofExamples);
            if (compared.size() > 1) {
                compared.remove(options.examples().answerColumn());
            }
        }
        return compared;
    }

    /** Whether prompts depend on {@link #now}. */
    public boolean readsClock() {
        return Template.strict(template).readsClock()
                || isChat() && Template.lenient(chatTemplate).readsClock();
    }

    /** Whether prompts are chats by the folder's template. */
    public boolean isChat() {
        return !chatTemplate.isEmpty();
    }
}

package io.textloom.spark.ml;

import io.textloom.generate.LongPrompts;
import io.textloom.prompt.ChatUse;
import io.textloom.prompt.ExampleOptions;
import io.textloom.prompt.PromptOptions;
import io.textloom.prompt.SpecialTexts;
import io.textloom.prompt.TextCut;
import io.textloom.tensor.Precision;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * The Params of how prompts are made of rows; {@link PromptOptions} says what they do.
 *
 * @param <T> the Transformer itself, which setters return
 */
public abstract class PromptTransformer<T extends PromptTransformer<T>> extends ModelTransformer<T> {
    private static final long serialVersionUID = 1;

    private final Param<String> template;
    private final Param<String> system;
    private final Choice<ChatUse> chat;
    private final Param<String> chatTemplate;
    private final StringArrayParam chatVariables;
    private final Param<String> messagesCol;
    private final Choice<SpecialTexts> specialTexts;
    private final Choice<LongPrompts> longPrompts;
    private final Choice<TextCut> cut;
    private final Param<String> cutCol;
    private final Param<String> date;

    PromptTransformer(String uid) {
        super(uid, Precision.FLOAT16);
        template = new Param<>(
                this, "template", "Jinja template of the prompt over the columns; without it the prompt is inputCol");
        system = new Param<>(
                this,
                "system",
                "the system's message in a chat; elsewhere it stands before the prompt, or is the template's variable system");
        chat = new Choice<>(this, "chat", "make prompts messages by the model's chat template", ChatUse.class);
        chatTemplate = new Param<>(this, "chatTemplate", "name of the chat template, where the folder has several");
        chatVariables = new StringArrayParam(
                this, "chatVariables", "variables of the chat template, such as enable_thinking=false");
        messagesCol = new Param<>(
                this,
                "messagesCol",
                "column with a chat's messages, in place of inputCol: an array of role and content, or JSON of it");
        specialTexts = new Choice<>(
                this,
                "specialTexts",
                "what a column's text that spells a special token becomes: that token, or an error",
                SpecialTexts.class);
        longPrompts = new Choice<>(
                this,
                "longPrompts",
                "what happens to a prompt that leaves no room for its completion",
                LongPrompts.class);
        cut = new Choice<>(
                this, "cut", "which end of the text is cut where a template's prompt is too long", TextCut.class);
        cutCol = new Param<>(
                this,
                "cutCol",
                "column whose text is cut; without it inputCol, or else the longest text the template reads");
        date = new Param<>(this, "date", "today in templates, such as 2026-03-05; the day of transform if empty");
        setDefault(template, "");
        setDefault(system, "");
        setDefault(chat, Choice.name(ChatUse.AUTO));
        setDefault(chatTemplate, "");
        setDefault(chatVariables, new String[0]);
        setDefault(messagesCol, "");
        setDefault(specialTexts, Choice.name(SpecialTexts.KEEP));
        setDefault(longPrompts, Choice.name(LongPrompts.TRUNCATE));
        setDefault(cut, Choice.name(TextCut.END));
        setDefault(cutCol, "");
        setDefault(date, "");
    }

    PromptOptions prompts() {
        return new PromptOptions(
                getTemplate(),
                "",
                getSystem(),
                chat.constant(getChat()),
                getChatTemplate(),
                List.of(getChatVariables()),
                getMessagesCol(),
                specialTexts.constant(getSpecialTexts()),
                cut.constant(getCut()),
                getCutCol(),
                getDate(),
                ExampleOptions.NONE);
    }

    LongPrompts chosenLongPrompts() {
        return longPrompts.constant(getLongPrompts());
    }

    public Param<String> template() {
        return template;
    }

    public Param<String> system() {
        return system;
    }

    public Param<String> chat() {
        return chat;
    }

    public Param<String> chatTemplate() {
        return chatTemplate;
    }

    public StringArrayParam chatVariables() {
        return chatVariables;
    }

    public Param<String> messagesCol() {
        return messagesCol;
    }

    public Param<String> specialTexts() {
        return specialTexts;
    }

    public Param<String> longPrompts() {
        return longPrompts;
    }

    public Param<String> cut() {
        return cut;
    }

    public Param<String> cutCol() {
        return cutCol;
    }

    public Param<String> date() {
        return date;
    }

    /** @param value Jinja over the columns */
    public T setTemplate(String value) {
        return with(template, value);
    }

    public String getTemplate() {
        return getOrDefault(template);
    }

    /** @param value the system's message in a chat; elsewhere it stands before the prompt, or is the template's variable {@code system} */
    public T setSystem(String value) {
        return with(system, value);
    }

    public String getSystem() {
        return getOrDefault(system);
    }

    /** @param value auto, true or false; auto where the folder has a chat template */
    public T setChat(String value) {
        return with(chat, value);
    }

    public String getChat() {
        return getOrDefault(chat);
    }

    /** @param value name of the chat template, where the folder has several */
    public T setChatTemplate(String value) {
        return with(chatTemplate, value);
    }

    public String getChatTemplate() {
        return getOrDefault(chatTemplate);
    }

    /** @param value variables of the chat template, such as {@code enable_thinking=false} */
    public T setChatVariables(String... value) {
        return with(chatVariables, value);
    }

    public String[] getChatVariables() {
        return getOrDefault(chatVariables);
    }

    /** @param value a column with a chat's messages: an array of structs with {@code role} and {@code content}, or JSON of it */
    public T setMessagesCol(String value) {
        return with(messagesCol, value);
    }

    public String getMessagesCol() {
        return getOrDefault(messagesCol);
    }

    /** @param value keep or reject */
    public T setSpecialTexts(String value) {
        return with(specialTexts, value);
    }

    public String getSpecialTexts() {
        return getOrDefault(specialTexts);
    }

    /** @param value truncate or error */
    public T setLongPrompts(String value) {
        return with(longPrompts, value);
    }

    public String getLongPrompts() {
        return getOrDefault(longPrompts);
    }

    /** @param value end or beginning */
    public T setCut(String value) {
        return with(cut, value);
    }

    public String getCut() {
        return getOrDefault(cut);
    }

    /** @param value a column that the prompt reads */
    public T setCutCol(String value) {
        return with(cutCol, value);
    }

    public String getCutCol() {
        return getOrDefault(cutCol);
    }

    /** @param value today in templates, such as {@code 2026-03-05} */
    public T setDate(String value) {
        return with(date, value);
    }

    public String getDate() {
        return getOrDefault(date);
    }
}

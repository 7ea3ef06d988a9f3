package io.textloom.prompt;

/** What happens to a row whose values spell one of the tokenizer's special tokens, such as {@code <|im_end|>}. */
public enum SpecialTexts {
    /** It becomes that token, as in transformers. */
    KEEP,
    /** The row goes to the error table as {@code SPECIAL_TOKEN}. */
    REJECT
}

package io.textloom.table;

/** Column names that users script against. */
public final class Columns {
    public static final String ID = "id";
    public static final String INPUT_IDS = "input_ids";
    public static final String N_TOKENS = "n_tokens";
    public static final String N_DROPPED = "n_dropped";
    public static final String TRUNCATED = "truncated";
    public static final String CHUNK_INDEX = "chunk_index";
    public static final String SENTENCE_INDEX = "sentence_index";
    public static final String TOKENIZER = "tokenizer";
    public static final String SENTENCES = "sentences";
    public static final String OFFSETS = "offsets";
    public static final String DOCUMENTS = "documents";
    public static final String EMBEDDING = "embedding";
    public static final String SCALE = "scale";
    public static final String MODEL = "model";
    public static final String TOKENS = "tokens";
    public static final String SAMPLE_INDEX = "sample_index";
    public static final String PROMPT = "prompt";
    public static final String COMPLETION = "completion";
    public static final String N_PROMPT_TOKENS = "n_prompt_tokens";
    public static final String N_COMPLETION_TOKENS = "n_completion_tokens";
    public static final String FINISH_REASON = "finish_reason";
    public static final String LOGPROB = "logprob";
    public static final String SEED = "seed";
    public static final String LABEL = "label";
    public static final String SCORE = "score";
    public static final String SCORES = "scores";
    public static final String ENTITIES = "entities";
    public static final String SPANS = "spans";
    public static final String NULL_SCORE = "null_score";
    public static final String PREDICTIONS = "predictions";
    public static final String NEXT_SENTENCE = "next_sentence";
    public static final String N_BYTES = "n_bytes";
    public static final String BITS_PER_BYTE = "bits_per_byte";
    public static final String PERPLEXITY = "perplexity";
    public static final String GREEDY = "greedy";
    public static final String CHOICES = "choices";
    public static final String STAGE = "stage";
    public static final String CODE = "code";
    public static final String MESSAGE = "message";
    public static final String INPUT = "input";
    public static final String ATTEMPT = "attempt";
    public static final String CONTENT_HASH = "content_hash";
    public static final String REJECTED = "rejected";

    private Columns() {}

    /** The name as Spark's column expressions want it, whatever characters it holds. */
    public static String quoted(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}

package io.textloom.score;

/** By what choices are compared. */
public enum ChoiceScore {
    /** Their log-probability after the text, which favours short ones. */
    RAW {
        @Override
        double of(double logprob, int tokens, int bytes, double alone) {
            return logprob;
        }
    },
    /** The same by token. */
    PER_TOKEN {
        @Override
        double of(double logprob, int tokens, int bytes, double alone) {
            return logprob / tokens;
        }
    },
    /** The same by byte of the choice in UTF-8, which does not depend on the tokenizer. */
    PER_BYTE {
        @Override
        double of(double logprob, int tokens, int bytes, double alone) {
            return logprob / bytes;
        }
    },
    /** How much likelier the text makes them than they are after a neutral one. Source: Holtzman et al. 2021. */
    PMI {
        @Override
        double of(double logprob, int tokens, int bytes, double alone) {
            return logprob - alone;
        }
    };

    /**
     * @param tokens of the choice
     * @param bytes of the choice
     * @param alone its log-probability after a neutral text; looked at by {@link #PMI} only
     */
    abstract double of(double logprob, int tokens, int bytes, double alone);
}

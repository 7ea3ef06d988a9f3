package io.textloom.train.elmo;

/** Of the two directions. */
record Losses(LossSum ahead, LossSum back) {
    static final Losses NONE = new Losses(LossSum.NONE, LossSum.NONE);

    Losses plus(Losses other) {
        return new Losses(ahead.plus(other.ahead), back.plus(other.back));
    }

    /** Over both; unit: nats per token. */
    double mean() {
        return ahead.plus(back).mean();
    }
}

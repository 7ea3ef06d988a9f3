package io.textloom.train.heads;

/** All that a net's further steps depend on. Owns its arrays; a reader must not change them. */
final class HeadState {
    private final float[] parameters;
    private final float[] updater;
    private final int steps;
    private final int epochs;

    HeadState(float[] parameters, float[] updater, int steps, int epochs) {
        this.parameters = parameters;
        this.updater = updater;
        this.steps = steps;
        this.epochs = epochs;
    }

    float[] parameters() {
        return parameters;
    }

    /** What Adam keeps of the steps so far. */
    float[] updater() {
        return updater;
    }

    int steps() {
        return steps;
    }

    int epochs() {
        return epochs;
    }
}

package io.textloom.embed;

import java.util.Arrays;

/** Windows are alike if their tokens are. Owns its array; nobody may change it. */
final class WindowKey {
    private final int[] ids;
    private final int hash;

    WindowKey(int[] ids) {
        this.ids = ids;
        this.hash = Arrays.hashCode(ids);
    }

    int[] ids() {
        return ids;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WindowKey key && hash == key.hash && Arrays.equals(ids, key.ids);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}

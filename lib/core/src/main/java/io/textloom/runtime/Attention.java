package io.textloom.runtime;

/** What lies between a layer's projections to queries, keys and values and its output projection. Whoever builds the layers need not know what is attended to. */
interface Attention {
    /**
     * @param layer counted from 0
     * @param query value [tokens, heads * headSize], positions not yet in it
     * @param key value [tokens, keyHeads * headSize], likewise
     * @param value value [tokens, keyHeads * headSize]
     * @return value [tokens, heads * headSize], less those that {@link #above} leaves out
     */
    String attend(int layer, String query, String key, String value);

    /**
     * Those tokens' vectors that are still needed above a layer's attention.
     *
     * @param vectors value [tokens, width]
     * @param width elements of a vector
     * @return value [tokens, width]: all of them, unless this is said to leave some out
     */
    default String above(int layer, String vectors, int width) {
        return vectors;
    }
}

package io.hongyan.im.core.message;

/** What a question is answered with. */
public sealed interface Answer<T> {
    record Given<T>(T value) implements Answer<T> {}

    record Refused<T>(Refusal refusal) implements Answer<T> {}
}

package io.hongyan.im.core.push;

/**
 * An open push in one worker's hands.
 *
 * @param place how far it is, as {@link Pushes} counts: of a list the index of the next uid, of everybody the opaque
 *     place of {@link Pushes.UserPage}
 */
public record PushJob(Push push, long place, PushCounts counts) {
    PushJob at(long newPlace, PushCounts newCounts) {
        return new PushJob(push, newPlace, newCounts);
    }
}

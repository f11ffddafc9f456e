package io.hongyan.im.core.send;

/** What has to be known of contents, which are bytes to the core. Pure; for many threads. */
public interface MessageContents {
    /** A change in the form in which clients read it: the content of its entry. Not of {@link MessageChange.CopiesErased}. */
    byte[] encode(MessageChange change);

    /** Whether a message with the one content may be given the other: both are of one type that can be edited. */
    boolean mayReplace(byte[] present, byte[] edited);

    /**
     * The content without what it has of another message: the excerpt, where it (or the content in an edit) answers that
     * message, and the new content, where it is an edit of that message. The same array where it has nothing.
     */
    byte[] withoutCopyOf(long seq, byte[] content);
}

package io.hongyan.im.core.group;

/** Writes a change in the form in which clients read it: the content of its entry. */
@FunctionalInterface
public interface GroupContents {
    byte[] encode(GroupChange change);
}

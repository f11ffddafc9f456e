package io.hongyan.im.core.push;

import io.hongyan.im.core.send.Lane;

/** What no feature may do: it knows more of another one than a port. */
public record PushThatReachesIntoMessages(Lane lane) {}

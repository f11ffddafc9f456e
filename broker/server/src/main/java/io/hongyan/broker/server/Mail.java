package io.hongyan.broker.server;

/** Something to be done on an event loop. Each is posted once; it is its own queue entry. */
abstract class Mail {
    Mail next;

    /** Called on the event loop it was posted to. */
    abstract void deliver();
}

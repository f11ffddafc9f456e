package io.hongyan.im.app;

/** What a process of the distribution runs. */
interface ServerProcess extends AutoCloseable {
    /** On return it serves. After a failure {@link #close} tidies up. */
    void start() throws StartException;

    /** Where clients, gates and operators connect. */
    String addresses();

    @Override
    void close();
}

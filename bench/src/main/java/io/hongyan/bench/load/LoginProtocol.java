package io.hongyan.bench.load;

import java.io.IOException;
import java.net.Socket;

/** How clients of {@link LoginRun} log in. Any thread. */
@FunctionalInterface
public interface LoginProtocol {
    /** What can be done before the time counts. */
    Login prepare(String uid);

    /** The login of one user. */
    interface Login {
        /**
         * Returns when the user is online.
         *
         * @throws LoadFailure if the login is refused
         */
        void in(Socket socket) throws IOException;

        /** Makes the server close the connection. */
        void out(Socket socket) throws IOException;
    }
}

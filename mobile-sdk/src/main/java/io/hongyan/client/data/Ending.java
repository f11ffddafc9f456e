package io.hongyan.client.data;

/** Why a connection ends, and with that, what comes next. */
public enum Ending {
    /** The server has not answered in time: connect again. */
    NO_ANSWER,
    /** The server has sent what it must not send: connect again after a pause. */
    FAULT_OF_SERVER,
    /** An operator has ended the connection: connect again after some seconds. */
    BY_OPERATOR,
    /** The data have another epoch: connect again after a random pause of up to 10 seconds. */
    DATA_CHANGED,
    /** The token has expired or was revoked: get another one first. */
    TOKEN_NEEDED,
    /** Another device of the user has taken the place of this one: stop until the user asks for it. */
    KICKED,
    /** The user may not log in any more: stop. */
    USER_REFUSED,
    /** The server does not support this version of the protocol any more: the app must be updated. */
    VERSION_UNSUPPORTED
}

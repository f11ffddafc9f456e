-- Names and ids are compared byte by byte (SQLite's default collation, BINARY).

CREATE TABLE im_user (
    id          INTEGER PRIMARY KEY,
    uid         TEXT    NOT NULL UNIQUE,
    -- Inbox entries up to here are no longer kept. The inbox head is the highest entry, or this where none is left.
    trimmed_seq INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE im_conversation (
    id           INTEGER PRIMARY KEY,
    kind         INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    -- The two users of a direct conversation; equal for the one with oneself.
    low_user_id  INTEGER REFERENCES im_user (id),
    high_user_id INTEGER REFERENCES im_user (id),
    UNIQUE (kind, name)
);

-- All messages in the order of storing: a commit writes few pages. The head of a conversation is its highest seq, for
-- messages are never deleted.
CREATE TABLE im_message (
    id                INTEGER PRIMARY KEY,
    conversation_id   INTEGER NOT NULL,
    seq               INTEGER NOT NULL,
    sender_id         INTEGER NOT NULL,
    sender_device     TEXT    NOT NULL,
    client_message_id TEXT    NOT NULL,
    sent_at           INTEGER NOT NULL,
    -- Where it stands in the sender's inbox: part of the answer that a repeat gets.
    sender_inbox_seq  INTEGER NOT NULL,
    content           BLOB    NOT NULL
);

CREATE UNIQUE INDEX im_message_seq ON im_message (conversation_id, seq);

-- Where the message of a (conversation, sender, client message id) is; slot = conversation_id << 32 | hash, or the next
-- free one. Rows come later than their messages, see im_message_key_state.
CREATE TABLE im_message_key (
    slot       INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL
);

-- One row: the key of the hash, and up to which message all keys are rows. Keys of later ones are read at the start.
CREATE TABLE im_message_key_state (
    secret   BLOB    NOT NULL,
    keyed_id INTEGER NOT NULL
);

INSERT INTO im_message_key_state (secret, keyed_id) VALUES (randomblob(16), 0);

-- kind 1: ref_seq is the number of a message; kind 2: the user has read the conversation up to ref_seq.
CREATE TABLE im_inbox (
    user_id         INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    kind            INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    ref_seq         INTEGER NOT NULL,
    PRIMARY KEY (user_id, seq)
) WITHOUT ROWID;

-- One row per member from the conversation's first message on: also the list of a user's conversations.
CREATE TABLE im_mark (
    user_id         INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    delivered_seq   INTEGER NOT NULL DEFAULT 0,
    read_seq        INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, conversation_id)
) WITHOUT ROWID;

CREATE TABLE im_device (
    user_id          INTEGER NOT NULL,
    device           TEXT    NOT NULL,
    acknowledged_seq INTEGER NOT NULL,
    last_used_at     INTEGER NOT NULL,
    -- The session kept between connections: granted filters as a JSON array, null where none is kept.
    session_filters    TEXT,
    session_expires_at INTEGER,
    PRIMARY KEY (user_id, device)
) WITHOUT ROWID;

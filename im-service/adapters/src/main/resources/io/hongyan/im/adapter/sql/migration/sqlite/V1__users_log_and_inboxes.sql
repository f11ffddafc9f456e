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

-- The head of a conversation is its highest seq: messages are never deleted.
CREATE TABLE im_message (
    conversation_id   INTEGER NOT NULL,
    seq               INTEGER NOT NULL,
    sender_id         INTEGER NOT NULL,
    sender_device     TEXT    NOT NULL,
    client_message_id TEXT    NOT NULL,
    sent_at           INTEGER NOT NULL,
    -- Where it stands in the sender's inbox: part of the answer that a repeat gets.
    sender_inbox_seq  INTEGER NOT NULL,
    content           BLOB    NOT NULL,
    PRIMARY KEY (conversation_id, seq)
) WITHOUT ROWID;

CREATE UNIQUE INDEX im_message_once ON im_message (conversation_id, sender_id, client_message_id);

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

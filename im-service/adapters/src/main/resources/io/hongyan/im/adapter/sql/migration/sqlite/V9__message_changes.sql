-- What has become of messages since they were stored; of most there is no row. The content as it stands is in im_message.
CREATE TABLE im_message_state (
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    -- The newest entry that changed it, 0 where only reactions did that were not told yet.
    state_seq       INTEGER NOT NULL,
    edits           INTEGER NOT NULL,
    -- Milliseconds; 0 = never.
    edited_at       INTEGER NOT NULL,
    recalled        INTEGER NOT NULL,
    pinned          INTEGER NOT NULL,
    -- How many users react how: a JSON object, in the order in which the reactions first came; null where nobody does.
    reactions       TEXT,
    -- Of a large group: when they were told last.
    counted_at      INTEGER NOT NULL,
    -- 1 while they are to be told, or copies of its content are to be erased.
    due             INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, seq)
) WITHOUT ROWID;

CREATE INDEX im_message_state_pinned ON im_message_state (conversation_id) WHERE pinned = 1;
CREATE INDEX im_message_state_due ON im_message_state (counted_at) WHERE due = 1;

-- Who reacts how.
CREATE TABLE im_reaction (
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    user_id         INTEGER NOT NULL,
    emoji           TEXT    NOT NULL,
    PRIMARY KEY (conversation_id, seq, user_id, emoji)
) WITHOUT ROWID;

-- Entry in_seq has a copy of the content of message of_seq or of a part of it, as an answer or an edit has: it is erased
-- with that message, and the row with it.
CREATE TABLE im_message_copy (
    conversation_id INTEGER NOT NULL,
    of_seq          INTEGER NOT NULL,
    in_seq          INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, of_seq, in_seq)
) WITHOUT ROWID;

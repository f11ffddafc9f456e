-- What has become of messages since they were stored; of most there is no row. The content as it stands is in im_message.
-- state_seq: the newest entry that changed it, 0 where only reactions did that were not told yet. edited_at: milliseconds, 0 =
-- never. reactions: how many users react how, a JSON object in the order in which they first came, null where nobody does.
-- counted_at: of a large group, when they were told last. due: 1 while they are to be told, or copies of its content are to be
-- erased.
CREATE TABLE im_message_state (
    conversation_id BIGINT  NOT NULL,
    seq             BIGINT  NOT NULL,
    state_seq       BIGINT  NOT NULL,
    edits           INT     NOT NULL,
    edited_at       BIGINT  NOT NULL,
    recalled        TINYINT NOT NULL,
    pinned          TINYINT NOT NULL,
    reactions       TEXT,
    counted_at      BIGINT  NOT NULL,
    due             TINYINT NOT NULL,
    PRIMARY KEY (conversation_id, seq),
    KEY im_message_state_pinned (conversation_id, pinned),
    KEY im_message_state_due (due, counted_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Who reacts how.
CREATE TABLE im_reaction (
    conversation_id BIGINT        NOT NULL,
    seq             BIGINT        NOT NULL,
    user_id         BIGINT        NOT NULL,
    emoji           VARBINARY(64) NOT NULL,
    PRIMARY KEY (conversation_id, seq, user_id, emoji)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Entry in_seq has a copy of the content of message of_seq or of a part of it, as an answer or an edit has: it is erased
-- with that message. The row stays, with erased = 1: whoever moves the slot sees by it that the entry was written anew.
CREATE TABLE im_message_copy (
    conversation_id BIGINT  NOT NULL,
    of_seq          BIGINT  NOT NULL,
    erased          TINYINT NOT NULL,
    in_seq          BIGINT  NOT NULL,
    PRIMARY KEY (conversation_id, of_seq, erased, in_seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Names and ids are bytes (VARBINARY): compared byte by byte, spaces at the end included, whatever collation the server
-- has. Text for people is utf8mb4.

CREATE TABLE im_user (
    id          BIGINT        NOT NULL AUTO_INCREMENT PRIMARY KEY,
    uid         VARBINARY(64) NOT NULL,
    -- Inbox entries up to here are no longer kept.
    trimmed_seq BIGINT        NOT NULL DEFAULT 0,
    -- The user was given hints about everything up to this inbox number.
    hinted_seq  BIGINT        NOT NULL DEFAULT 0,
    UNIQUE KEY im_user_uid (uid)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Made with the user. Whoever gives numbers in an inbox holds the lock of this row until they are committed.
CREATE TABLE im_inbox_head (
    user_id BIGINT NOT NULL PRIMARY KEY,
    head    BIGINT NOT NULL DEFAULT 0
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The sender of what no user has sent. Its id is before all others; nothing ever stands in its inbox.
INSERT INTO im_user (uid) VALUES ('$system');
UPDATE im_user SET id = 0 WHERE uid = '$system';
INSERT INTO im_inbox_head (user_id) VALUES (0);

-- Whoever gives numbers in a conversation, or changes the group it is of, holds the lock of this row until that is
-- committed.
CREATE TABLE im_conversation (
    id           BIGINT         NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind         TINYINT        NOT NULL,
    name         VARBINARY(160) NOT NULL,
    -- The two users of a direct conversation; equal for the one with oneself.
    low_user_id  BIGINT,
    high_user_id BIGINT,
    head         BIGINT         NOT NULL DEFAULT 0,
    UNIQUE KEY im_conversation_name (kind, name)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE im_message (
    conversation_id   BIGINT         NOT NULL,
    seq               BIGINT         NOT NULL,
    sender_id         BIGINT         NOT NULL,
    sender_device     VARBINARY(160) NOT NULL,
    client_message_id VARBINARY(64)  NOT NULL,
    sent_at           BIGINT         NOT NULL,
    -- Where it stands in the sender's inbox: part of the answer that a repeat gets.
    sender_inbox_seq  BIGINT         NOT NULL,
    content           LONGBLOB       NOT NULL,
    PRIMARY KEY (conversation_id, seq),
    UNIQUE KEY im_message_key (conversation_id, sender_id, client_message_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- kind 1: ref_seq is the number of a message; kind 2: the user has read the conversation up to ref_seq.
CREATE TABLE im_inbox (
    user_id         BIGINT  NOT NULL,
    seq             BIGINT  NOT NULL,
    kind            TINYINT NOT NULL,
    conversation_id BIGINT  NOT NULL,
    ref_seq         BIGINT  NOT NULL,
    PRIMARY KEY (user_id, seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- One row per member from the conversation's first message on: also the list of a user's conversations.
CREATE TABLE im_mark (
    user_id         BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    delivered_seq   BIGINT NOT NULL DEFAULT 0,
    read_seq        BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, conversation_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE im_device (
    user_id            BIGINT         NOT NULL,
    device             VARBINARY(160) NOT NULL,
    acknowledged_seq   BIGINT         NOT NULL,
    last_used_at       BIGINT         NOT NULL,
    -- The session kept between connections: granted filters as a JSON array, null where none is kept.
    session_filters    MEDIUMTEXT,
    session_expires_at BIGINT,
    PRIMARY KEY (user_id, device)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- How far each device has come in the streams of large groups; goes with the device.
CREATE TABLE im_group_cursor (
    user_id          BIGINT         NOT NULL,
    device           VARBINARY(160) NOT NULL,
    group_name       VARBINARY(64)  NOT NULL,
    acknowledged_seq BIGINT         NOT NULL,
    PRIMARY KEY (user_id, device, group_name),
    CONSTRAINT im_group_cursor_device FOREIGN KEY (user_id, device)
        REFERENCES im_device (user_id, device) ON DELETE CASCADE
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- A group as it stands after its newest change; its name for others is that of its conversation.
CREATE TABLE im_group (
    conversation_id BIGINT        NOT NULL PRIMARY KEY,
    name            VARCHAR(1000) NOT NULL,
    announcement    TEXT          NOT NULL,
    owner           VARBINARY(64) NOT NULL,
    open            TINYINT       NOT NULL,
    all_muted       TINYINT       NOT NULL,
    member_count    INT           NOT NULL,
    members_max     INT           NOT NULL,
    members_version BIGINT        NOT NULL,
    large_seq       BIGINT        NOT NULL,
    dissolved       TINYINT       NOT NULL,
    created_at      BIGINT        NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- All memberships that ever were. Who reads entry s: the rows with joined_seq <= s and (left_seq null or left_seq >= s).
CREATE TABLE im_group_member (
    conversation_id BIGINT        NOT NULL,
    uid             VARBINARY(64) NOT NULL,
    joined_seq      BIGINT        NOT NULL,
    left_seq        BIGINT,
    user_id         BIGINT        NOT NULL,
    role            TINYINT       NOT NULL,
    muted_until     BIGINT        NOT NULL,
    PRIMARY KEY (conversation_id, uid, joined_seq),
    KEY im_group_member_of_user (user_id, left_seq, conversation_id),
    -- Whom an entry has added or removed: in a large group only those have it in their inbox.
    KEY im_group_member_joined (conversation_id, joined_seq),
    KEY im_group_member_left (conversation_id, left_seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Entries whose inbox rows are not all written: those of recipients up to progress, in the order of uids, are. The
-- oldest of a conversation is written first, by the worker that holds its lease.
CREATE TABLE im_fanout (
    conversation_id BIGINT         NOT NULL,
    seq             BIGINT         NOT NULL,
    progress        VARBINARY(64)  NOT NULL DEFAULT '',
    worker          VARBINARY(160),
    lease_until     BIGINT         NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Messages in the order of the feed. feed_seq is null until the sequencer has given a number; of one conversation,
-- numbers rise as ids do.
CREATE TABLE im_feed (
    id              BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    feed_seq        BIGINT,
    conversation_id BIGINT NOT NULL,
    seq             BIGINT NOT NULL,
    -- Not unique, so that those without number are found in the order of their ids.
    KEY im_feed_seq (feed_seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What happened and is no message; feed_seq likewise.
CREATE TABLE im_event (
    id           BIGINT   NOT NULL AUTO_INCREMENT PRIMARY KEY,
    feed_seq     BIGINT,
    partition_no INT      NOT NULL,
    kind         INT      NOT NULL,
    at           BIGINT   NOT NULL,
    -- The fields of the kind as a JSON object.
    payload      LONGBLOB NOT NULL,
    KEY im_event_seq (feed_seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- One row: the last numbers given. Who gives numbers holds its lock.
CREATE TABLE im_feed_sequence (
    id           TINYINT NOT NULL PRIMARY KEY,
    last_message BIGINT  NOT NULL,
    last_event   BIGINT  NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO im_feed_sequence (id, last_message, last_event) VALUES (1, 0, 0);

-- How far the feed was sent. The partition of a message is conversation_id & 15.
CREATE TABLE im_feed_partition (
    partition_no INT            NOT NULL PRIMARY KEY,
    message_id   BIGINT         NOT NULL DEFAULT 0,
    event_id     BIGINT         NOT NULL DEFAULT 0,
    -- Null where nobody holds it.
    holder       VARBINARY(160),
    lease_until  BIGINT         NOT NULL DEFAULT 0,
    fence        BIGINT         NOT NULL DEFAULT 0
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO im_feed_partition (partition_no)
VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15);

-- What business lines send to users, as jobs. Lists of uids are texts with a line for each.
CREATE TABLE im_push (
    id            BIGINT         NOT NULL AUTO_INCREMENT PRIMARY KEY,
    push_id       VARBINARY(64)  NOT NULL,
    digest        VARBINARY(64)  NOT NULL,
    channel       VARBINARY(64)  NOT NULL,
    online_only   TINYINT        NOT NULL,
    -- Null for everybody, and once it is finished.
    recipients    LONGTEXT,
    -- Null once it is finished.
    content       LONGBLOB,
    -- The next of the recipients by index; of everybody the last im_user.id gone through.
    place         BIGINT         NOT NULL DEFAULT 0,
    gone_through  BIGINT         NOT NULL DEFAULT 0,
    `stored`      BIGINT         NOT NULL DEFAULT 0,
    online        BIGINT         NOT NULL DEFAULT 0,
    offline       BIGINT         NOT NULL DEFAULT 0,
    `unknown`     BIGINT         NOT NULL DEFAULT 0,
    offline_uids  LONGTEXT       NOT NULL,
    unknown_uids  LONGTEXT       NOT NULL,
    worker        VARBINARY(160),
    lease_until   BIGINT         NOT NULL DEFAULT 0,
    submitted_at  BIGINT         NOT NULL,
    finished_at   BIGINT,
    UNIQUE KEY im_push_name (push_id),
    KEY im_push_finished (finished_at, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

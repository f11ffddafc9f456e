-- The sender of what no user has sent. Its name is none that users can have; nothing ever stands in its inbox.
INSERT INTO im_user (id, uid) VALUES (0, '$system');

-- A group as it stands after its newest change; its name for others is that of its conversation.
CREATE TABLE im_group (
    conversation_id INTEGER PRIMARY KEY,
    name            TEXT    NOT NULL,
    announcement    TEXT    NOT NULL,
    owner           TEXT    NOT NULL,
    open            INTEGER NOT NULL,
    all_muted       INTEGER NOT NULL,
    member_count    INTEGER NOT NULL,
    members_max     INTEGER NOT NULL,
    members_version INTEGER NOT NULL,
    large_seq       INTEGER NOT NULL,
    dissolved       INTEGER NOT NULL,
    created_at      INTEGER NOT NULL
);

-- All memberships that ever were. Who reads entry s: the rows with joined_seq <= s and (left_seq null or left_seq >= s).
CREATE TABLE im_group_member (
    conversation_id INTEGER NOT NULL,
    uid             TEXT    NOT NULL,
    joined_seq      INTEGER NOT NULL,
    left_seq        INTEGER,
    user_id         INTEGER NOT NULL,
    role            INTEGER NOT NULL,
    muted_until     INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, uid, joined_seq)
) WITHOUT ROWID;

-- The groups that a user is in.
CREATE INDEX im_group_member_of_user ON im_group_member (user_id, conversation_id) WHERE left_seq IS NULL;

-- Whom an entry has added or removed: in a large group only those have it in their inbox.
CREATE INDEX im_group_member_joined ON im_group_member (conversation_id, joined_seq);
CREATE INDEX im_group_member_left ON im_group_member (conversation_id, left_seq) WHERE left_seq IS NOT NULL;

-- Entries whose inbox rows are not all written: those of recipients up to progress, in the order of uids, are. The
-- oldest of a conversation is written first, by the worker that holds its lease.
CREATE TABLE im_fanout (
    conversation_id INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    progress        TEXT    NOT NULL DEFAULT '',
    worker          TEXT,
    lease_until     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, seq)
) WITHOUT ROWID;

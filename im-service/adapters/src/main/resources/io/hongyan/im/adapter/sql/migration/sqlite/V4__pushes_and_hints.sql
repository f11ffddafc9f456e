-- The user was given hints about everything up to this inbox number, or it was claimed by somebody who did that.
ALTER TABLE im_user ADD COLUMN hinted_seq INTEGER NOT NULL DEFAULT 0;

-- What business lines send to users, as jobs. Lists of uids are texts with a line for each.
CREATE TABLE im_push (
    id            INTEGER PRIMARY KEY,
    push_id       TEXT    NOT NULL UNIQUE,
    digest        BLOB    NOT NULL,
    channel       TEXT    NOT NULL,
    online_only   INTEGER NOT NULL,
    -- Null for everybody, and once it is finished.
    recipients    TEXT,
    -- Null once it is finished.
    content       BLOB,
    -- The next of the recipients by index; of everybody the last im_user.id gone through.
    place         INTEGER NOT NULL DEFAULT 0,
    gone_through  INTEGER NOT NULL DEFAULT 0,
    stored        INTEGER NOT NULL DEFAULT 0,
    online        INTEGER NOT NULL DEFAULT 0,
    offline       INTEGER NOT NULL DEFAULT 0,
    unknown       INTEGER NOT NULL DEFAULT 0,
    offline_uids  TEXT    NOT NULL DEFAULT '',
    unknown_uids  TEXT    NOT NULL DEFAULT '',
    worker        TEXT,
    lease_until   INTEGER NOT NULL DEFAULT 0,
    submitted_at  INTEGER NOT NULL,
    finished_at   INTEGER
);

CREATE INDEX im_push_open ON im_push (id) WHERE finished_at IS NULL;
CREATE INDEX im_push_finished ON im_push (finished_at) WHERE finished_at IS NOT NULL;

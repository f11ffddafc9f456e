-- What operators have decided about a user. state 0: may come in; 1: disabled; 2: deleted, the row keeps the uid from being
-- used again. revoked_at: tokens issued in this second (Unix time) or before are void; 0 = none. revoked_devices: the same for
-- single devices, lines of platform:name, blank, second. standing_at: when one of these was changed last, in milliseconds;
-- null = never.
ALTER TABLE im_user
    ADD COLUMN state           TINYINT NOT NULL DEFAULT 0,
    ADD COLUMN revoked_at      BIGINT  NOT NULL DEFAULT 0,
    ADD COLUMN revoked_devices TEXT,
    ADD COLUMN standing_at     BIGINT,
    ADD KEY im_user_standing (standing_at);

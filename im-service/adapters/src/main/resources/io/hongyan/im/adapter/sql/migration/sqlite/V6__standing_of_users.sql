-- What operators have decided about a user. state 0: may come in; 1: disabled; 2: deleted, the row keeps the uid from being
-- used again.
ALTER TABLE im_user ADD COLUMN state INTEGER NOT NULL DEFAULT 0;
-- Tokens issued in this second (Unix time) or before are void; 0 = none.
ALTER TABLE im_user ADD COLUMN revoked_at INTEGER NOT NULL DEFAULT 0;
-- The same for single devices: lines of platform:name, blank, second.
ALTER TABLE im_user ADD COLUMN revoked_devices TEXT;
-- When one of these was changed last, in milliseconds; null = never.
ALTER TABLE im_user ADD COLUMN standing_at INTEGER;
CREATE INDEX im_user_standing ON im_user (standing_at) WHERE standing_at IS NOT NULL;

-- Notes when something last came from a session that is still there.
-- KEYS[1]  the user's sessions, see claim.lua
-- ARGV     connection, milliseconds
if redis.call('HEXISTS', KEYS[1], 's:' .. ARGV[1]) == 0 then
  return 0
end
local before = tonumber(redis.call('HGET', KEYS[1], 'h:' .. ARGV[1]) or '0')
if before < tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], 'h:' .. ARGV[1], ARGV[2])
end
return 1

-- Takes out a session that has ended at a node, unless another node holds the connection by now.
-- KEYS[1]  the user's sessions, see claim.lua
-- ARGV     connection, node
local value = redis.call('HGET', KEYS[1], 's:' .. ARGV[1])
if value then
  local one = cjson.decode(string.sub(value, string.find(value, '|', 1, true) + 1))
  if one.n ~= ARGV[2] then
    return 0
  end
end
redis.call('HDEL', KEYS[1], 's:' .. ARGV[1], 'h:' .. ARGV[1])
if redis.call('HLEN', KEYS[1]) <= 1 then
  redis.call('DEL', KEYS[1])
end
return 1

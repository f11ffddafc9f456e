-- Renews the lease of a node and says which nodes live.
-- KEYS[1]  when each node was last seen, by the clock of Redis; KEYS[2] what each says of itself
-- ARGV     node, what it says of itself, length of a lease in ms, after how many ms a dead node is forgotten
-- returns  1 if the lease was still good, the time in ms, then node and what it says of itself for each that lives
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local oldest = now - tonumber(ARGV[3])
local before = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(' .. (now - tonumber(ARGV[4])), 'LIMIT', 0, 100)) do
  redis.call('ZREM', KEYS[1], node)
  redis.call('HDEL', KEYS[2], node)
end
local answer = { before and tonumber(before) >= oldest and '1' or '0', string.format('%.0f', now) }
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], oldest, '+inf')) do
  answer[#answer + 1] = node
  answer[#answer + 1] = redis.call('HGET', KEYS[2], node) or ''
end
return answer

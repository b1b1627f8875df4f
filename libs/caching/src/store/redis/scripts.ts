import { RedisScript } from '@facet/store';

/**
 * Beside the records: `order` (sorted set, member by the time it ends), `about` (hash, member to `<bytes> <label> ...`)
 * and `total` (bytes), from which any record can be removed without a trace. Every key has one hash tag.
 */
const common = `
local prefix = KEYS[1]
local order, about, total = prefix .. 'order', prefix .. 'about', prefix .. 'total'
local function remove(member)
  local known = redis.call('HGET', about, member)
  if not known then return 0 end
  local bytes = nil
  for part in string.gmatch(known, '%S+') do
    if bytes then redis.call('SREM', prefix .. 'label:' .. part, member) else bytes = tonumber(part) end
  end
  redis.call('DEL', prefix .. 'record:' .. member)
  redis.call('HDEL', about, member)
  redis.call('ZREM', order, member)
  redis.call('INCRBY', total, -bytes)
  return 1
end
`;

/** ARGV: member, record, lifetime in ms, bytes at most in all, labels. */
export const setScript = new RedisScript(`${common}
local member, record, lifetime = ARGV[1], ARGV[2], tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
remove(member)
local bytes = string.len(record) + 512
local known = tostring(bytes)
for index = 5, #ARGV do
  known = known .. ' ' .. ARGV[index]
  redis.call('SADD', prefix .. 'label:' .. ARGV[index], member)
end
redis.call('SET', prefix .. 'record:' .. member, record, 'PX', lifetime)
redis.call('HSET', about, member, known)
redis.call('ZADD', order, now + lifetime, member)
redis.call('INCRBY', total, bytes)
for _, ended in ipairs(redis.call('ZRANGEBYSCORE', order, '-inf', now, 'LIMIT', 0, 20)) do remove(ended) end
while tonumber(redis.call('GET', total)) > tonumber(ARGV[4]) do
  local first = redis.call('ZRANGE', order, 0, 0)[1]
  if not first then break end
  remove(first)
end
return 1
`);

/** ARGV: member. */
export const deleteScript = new RedisScript(`${common}
return remove(ARGV[1])
`);

/** ARGV: label. */
export const purgeScript = new RedisScript(`${common}
local removed = 0
for _, member in ipairs(redis.call('SMEMBERS', prefix .. 'label:' .. ARGV[1])) do removed = removed + remove(member) end
return removed
`);

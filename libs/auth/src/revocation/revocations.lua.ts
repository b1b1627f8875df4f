/**
 * Three keys hold what is revoked: KEYS[1] a hash with the number of the latest entry and the epoch (when the count
 * began), KEYS[2] a sorted set of entries by number, KEYS[3] the same entries by when they end, in ms.
 */

/** ARGV[1] now, ms; then pairs of an entry and its end. Entries that have ended leave, 1,000 a call at most. */
export const addLua = `
redis.call('HSETNX', KEYS[1], 'epoch', ARGV[1])
for i = 2, #ARGV, 2 do
  if redis.call('ZADD', KEYS[3], ARGV[i + 1], ARGV[i]) == 1 then
    redis.call('ZADD', KEYS[2], redis.call('HINCRBY', KEYS[1], 'last', 1), ARGV[i])
  end
end
local ended = redis.call('ZRANGEBYSCORE', KEYS[3], '-inf', ARGV[1], 'LIMIT', 0, 1000)
if #ended > 0 then
  redis.call('ZREM', KEYS[2], unpack(ended))
  redis.call('ZREM', KEYS[3], unpack(ended))
end
return 1
`;

/** ARGV[1] the epoch known, ARGV[2] the number of the latest entry known. Returns the epoch, then entries with numbers. */
export const newsLua = `
local epoch = redis.call('HGET', KEYS[1], 'epoch') or ''
local after = epoch == ARGV[1] and ARGV[2] or '0'
return { epoch, redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. after, '+inf', 'WITHSCORES', 'LIMIT', 0, 1000) }
`;

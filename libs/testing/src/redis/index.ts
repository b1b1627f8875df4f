export { RedisProcess } from '../processes/redis-process.ts';
export { describeWithRedis, describeWithRedisProcess, type RedisUnderTest } from './describe-with-redis.ts';

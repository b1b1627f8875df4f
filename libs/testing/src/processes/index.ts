export { lastingPort } from './lasting-port.ts';
export { RedisProcess } from './redis-process.ts';

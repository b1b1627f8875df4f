import { type Redis } from 'ioredis';

/**
 * A client that never queues: a command is sent now or fails now, nothing is resent after a lost connection, and
 * reconnecting goes on for ever, at most 500 ms apart. The package is loaded here, so that a gateway on memory never
 * pays for it.
 */
export async function createRedisClient(url: string, connectionName: string): Promise<Redis> {
  const { Redis: Client } = await import('ioredis');
  return new Client(url, {
    connectionName,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 500,
    disconnectTimeout: 100,
    retryStrategy: (attempt) => Math.min(25 * 2 ** Math.min(attempt, 5), 500),
    // After a failover the old primary is a replica: look the name up again.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  });
}

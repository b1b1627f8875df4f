/** The yardstick: @fastify/http-proxy with its defaults and nothing around it. */
import { type AddressInfo } from 'node:net';
import proxy from '@fastify/http-proxy';
import { fastify } from 'fastify';

const app = fastify();
await app.register(proxy, { upstream: process.env['UPSTREAM_URL'] ?? '' });
await app.listen({ port: 0, host: '127.0.0.1' });
console.log((app.server.address() as AddressInfo).port);

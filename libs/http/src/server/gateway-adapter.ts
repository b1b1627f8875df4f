import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyInstance } from 'fastify';

/**
 * Nest's adapter over our instance: without middleware support (guards and hooks see every spelling of a path,
 * middleware does not), with the problem document in place of Nest's own 404 and error answers, and without the
 * adapter's hooks: they serve features that are off here, and each would cost every request.
 */
export class GatewayAdapter extends FastifyAdapter {
  constructor(instance: FastifyInstance) {
    const { addHook } = instance;
    instance.addHook = () => instance;
    super(instance as never);
    instance.addHook = addHook;
  }

  override init(): Promise<void> {
    return Promise.resolve();
  }

  // The instance's own handlers answer.
  override setErrorHandler(): ReturnType<FastifyAdapter['setErrorHandler']> {
    return this.instance;
  }

  override setNotFoundHandler(): ReturnType<FastifyAdapter['setNotFoundHandler']> {
    return this.instance;
  }
}

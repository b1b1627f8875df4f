// @nestjs/throttler is CommonJS and requires Nest, which is ESM: a loader that runs CommonJS while the graph around it
// is still being linked sees a cycle. Nest is evaluated first, then the package is loaded.
import '@nestjs/common';
import '@nestjs/core';

export const {
  ThrottlerGuard,
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  getOptionsToken,
  getStorageToken,
} = await import('@nestjs/throttler');

import { statSync } from 'node:fs';
import { type ApiKeysConfig, readApiKeysFile } from '@facet/config';
import { type Clock, type TimerHandle } from '@facet/context';
import { type GatewayLog } from '@facet/management';
import { type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ApiKeyRing } from './api-key-ring.ts';

const pollMs = 2_000;

/**
 * The API keys that count now: those of the config, then those of its file each time it changes, 2 s later at most.
 * A file that can't be read or is not valid changes nothing and is logged once.
 */
export class ApiKeys implements OnModuleInit, OnModuleDestroy {
  #ring: ApiKeyRing;
  #seen: string | undefined;
  #isFileGood = true;
  #timer: TimerHandle | undefined;

  constructor(
    private readonly config: ApiKeysConfig,
    private readonly clock: Clock,
    private readonly log: GatewayLog | undefined,
  ) {
    this.#ring = new ApiKeyRing(config.entries);
  }

  get ring(): ApiKeyRing {
    return this.#ring;
  }

  /** False while the last good keys stand in for a bad file. */
  get isFileGood(): boolean {
    return this.#isFileGood;
  }

  onModuleInit(): void {
    if (this.config.file !== undefined) this.#poll(this.config.file);
  }

  onModuleDestroy(): void {
    if (this.#timer) this.clock.clearTimeout(this.#timer);
  }

  #poll(file: string): void {
    this.#timer = this.clock.setTimeout(() => {
      this.#readIfChanged(file);
      this.#poll(file);
    }, pollMs);
  }

  #readIfChanged(file: string): void {
    const version = versionOf(file);
    if (version === this.#seen) return;
    this.#seen = version;
    const result = readApiKeysFile(file);
    this.#isFileGood = 'value' in result;
    if ('value' in result) {
      this.#ring = new ApiKeyRing(result.value);
      this.log?.info('API keys read', { context: 'auth', count: result.value.length });
    } else {
      this.log?.error('API keys file is not valid, the last keys stay', {
        context: 'auth',
        detail: result.faults.join('; '),
      });
    }
  }
}

/** Changes with the file; replaced, touched and missing files differ too. */
function versionOf(file: string): string {
  try {
    const { ino, size, mtimeNs } = statSync(file, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch {
    return 'missing';
  }
}

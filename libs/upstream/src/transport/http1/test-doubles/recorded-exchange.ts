import { type GatewayError } from '@facet/errors';
import { type AnswerSource, type Sendable } from '../../exchange.ts';
import { type TransportRequest } from '../../transport.ts';
import { type AnswerHead } from '../answer-head.ts';

/** A request that writes down what it is told of its answer. */
export class RecordedExchange implements Sendable {
  readonly request: TransportRequest;
  readonly told: string[] = [];
  /** When it is over, one way or the other: all it was told. */
  readonly over: Promise<string[]>;
  /** What `received` says: false holds the upstream back. */
  takesMore = true;
  body = '';
  source: AnswerSource | undefined;
  onHead: () => void = () => undefined;
  onData: () => void = () => undefined;
  #end!: (told: string[]) => void;

  constructor(request: Partial<TransportRequest> = {}) {
    this.request = { method: 'GET', path: '/', headers: [], body: null, wants: () => true, ...request };
    this.over = new Promise((resolve) => (this.#end = resolve));
  }

  abort(reason: GatewayError): void {
    this.source?.abort(reason);
  }

  began(source: AnswerSource): void {
    this.source = source;
  }

  informed({ status }: AnswerHead): void {
    this.told.push(`informed ${status}`);
  }

  headed({ status }: AnswerHead): void {
    this.told.push(`headed ${status}`);
    this.onHead();
  }

  received(chunk: Buffer): boolean {
    this.body += chunk.toString('latin1');
    this.onData();
    return this.takesMore;
  }

  ended(): void {
    this.told.push('ended');
    this.#end(this.told);
  }

  broke({ reason }: GatewayError): void {
    this.told.push(reason);
    this.#end(this.told);
  }
}

/** One request as an upstream saw it on the wire. */
export class RecordedRequest {
  readonly method: string;
  /** Path and query, byte for byte. */
  readonly target: string;
  /** As they came: order, case and repetition kept. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** Which of the upstream's connections it came on, from 1. */
  readonly connection: number;

  constructor(head: string, body: Buffer, connection: number) {
    const [first = '', ...lines] = head.split('\r\n');
    const [method = '', target = ''] = first.split(' ');
    this.method = method;
    this.target = target;
    this.headers = lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    });
    this.body = body;
    this.connection = connection;
  }

  /** All values of a field, in any case, joined by `, `; undefined when there is none. */
  header(name: string): string | undefined {
    const values = this.headers
      .filter(([key]) => key.toLowerCase() === name.toLowerCase())
      .map(([, value]) => value);
    return values.length === 0 ? undefined : values.join(', ');
  }

  json(): unknown {
    return JSON.parse(this.body.toString('utf8'));
  }
}

/** Cuts a connection's bytes into requests. Believes its peer: it is for tests of clients. */
export class RequestReader {
  readonly #connection: number;
  #pending: Buffer = Buffer.alloc(0);

  constructor(connection: number) {
    this.#connection = connection;
  }

  push(chunk: Buffer): RecordedRequest[] {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const requests: RecordedRequest[] = [];
    for (let next = this.#take(); next; next = this.#take()) requests.push(next);
    return requests;
  }

  #take(): RecordedRequest | undefined {
    const end = this.#pending.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const head = this.#pending.toString('latin1', 0, end);
    const rest = this.#pending.subarray(end + 4);
    const taken = /\r\ntransfer-encoding:/i.test(head) ? chunkedBody(rest) : sizedBody(head, rest);
    if (taken === undefined) return undefined;
    this.#pending = rest.subarray(taken.used);
    return new RecordedRequest(head, taken.body, this.#connection);
  }
}

interface Taken {
  readonly body: Buffer;
  readonly used: number;
}

function sizedBody(head: string, rest: Buffer): Taken | undefined {
  const length = Number(/\r\ncontent-length:\s*(\d+)/i.exec(head)?.[1] ?? 0);
  return rest.length < length ? undefined : { body: rest.subarray(0, length), used: length };
}

function chunkedBody(rest: Buffer): Taken | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = rest.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = parseInt(rest.toString('latin1', at, lineEnd), 16);
    const start = lineEnd + 2;
    if (rest.length < start + size + 2) return undefined;
    if (size === 0) return { body: Buffer.concat(chunks), used: start + 2 };
    chunks.push(rest.subarray(start, start + size));
    at = start + size + 2;
  }
}

import { type Page } from '../model.ts';
import { type Inbound } from './exchange.ts';
import { HttpFault } from './http-fault.ts';
import { readLimit, readText } from './query.ts';

const encodeCursor = (id: string): string => Buffer.from(`after:${id}`).toString('base64url');

const decodeCursor = (cursor: string): string => {
  const [mark, id] = Buffer.from(cursor, 'base64url').toString('utf8').split(':');
  if (mark !== 'after' || id === undefined) throw new HttpFault(400, 'The cursor is not one of ours.');
  return id;
};

/** Records in the order they are listed; what is added comes first. */
export class Collection<Item extends { readonly id: string }> {
  readonly #byId: Map<string, Item>;
  readonly #listed: Item[];

  constructor(items: readonly Item[]) {
    this.#listed = [...items];
    this.#byId = new Map(items.map((item) => [item.id, item]));
  }

  find(id: string): Item | undefined {
    return this.#byId.get(id);
  }

  /** Throws 404. */
  get(id: string): Item {
    const item = this.#byId.get(id);
    if (item === undefined) throw new HttpFault(404, 'There is no such record.');
    return item;
  }

  addFirst(item: Item): void {
    this.#listed.unshift(item);
    this.#byId.set(item.id, item);
  }

  /**
   * One page by `limit` and `cursor`. A cursor names the last record shown, not a position,
   * so a record added meanwhile shifts no page.
   */
  page(inbound: Inbound, matches: (item: Item) => boolean = () => true): Page<Item> {
    const limit = readLimit(inbound);
    const cursor = readText(inbound, 'cursor');
    const matching = this.#listed.filter(matches);
    const from = cursor === undefined ? 0 : this.#positionAfter(matching, decodeCursor(cursor));
    const items = matching.slice(from, from + limit);
    const last = items.at(-1);
    const hasMore = from + limit < matching.length;
    return { items, nextCursor: hasMore && last ? encodeCursor(last.id) : null, total: matching.length };
  }

  #positionAfter(matching: readonly Item[], id: string): number {
    const index = matching.findIndex((item) => item.id === id);
    if (index < 0) throw new HttpFault(400, 'The cursor does not belong to this list.');
    return index + 1;
  }
}

import { type Plan } from './plan.ts';

/** A `Plan` for a reader of bytes. One class for all kinds, so that what reads them meets one shape. */
export class BytePlan {
  /** Undefined: an object is wanted whole. */
  readonly members: WantedMembers | undefined;
  /** Undefined: an array is wanted whole. */
  readonly items: BytePlan | undefined;
  /** A short text that stood here; empty: none did. Currencies, states and the like are mostly what they were. */
  text = '';
  /** How many others have stood here since. */
  others = 0;

  constructor({ members, items }: Plan) {
    this.members = members && new WantedMembers(members);
    this.items = items && new BytePlan(items);
  }
}

/** The wanted members of an object, found by the bytes of their names. */
export class WantedMembers {
  /** What an object begins with, if anything. */
  readonly first: WantedMember | undefined;
  readonly #byLength: WantedMember[][] = [];

  constructor(members: ReadonlyMap<string, Plan>) {
    const wanted = Array.from(members, ([name, plan]) => new WantedMember(name, plan));
    this.first = wanted[0];
    for (const [index, member] of wanted.entries()) {
      member.next = wanted[index + 1] ?? wanted[0];
      const length = member.bytes.length;
      while (this.#byLength.length <= length) this.#byLength.push([]);
      this.#byLength[length]?.push(member);
    }
  }

  /** The member whose name is from `start` to `end`, without its quotes. */
  find(bytes: Uint8Array, start: number, end: number): WantedMember | undefined {
    const length = end - start;
    if (length >= this.#byLength.length) return undefined;
    for (const member of this.#byLength[length] as WantedMember[]) {
      if (member.isAt(bytes, start)) return member;
    }
    return undefined;
  }
}

export class WantedMember {
  readonly name: string;
  readonly bytes: readonly number[];
  readonly plan: BytePlan;
  /** Upstreams mostly keep one order, the schema's: the one to expect next. After the last the first. */
  next: WantedMember | undefined;

  constructor(name: string, plan: Plan) {
    this.name = name;
    this.bytes = Array.from(Buffer.from(name));
    this.plan = new BytePlan(plan);
  }

  isAt(bytes: Uint8Array, at: number): boolean {
    const name = this.bytes;
    for (let index = 0; index < name.length; index++) if (bytes[at + index] !== name[index]) return false;
    return true;
  }
}

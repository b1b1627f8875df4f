import { type TSchema } from 'typebox';
import { BytePlan } from './byte-plan.ts';
import { ByteReader } from './byte-reader.ts';
import { keyOf, type Plan, planOf } from './plan.ts';
import { pruned } from './pruned.ts';
import { unusual } from './unusual.ts';

/** Names that stand in JSON as they are, and in an object as any other. */
const simpleName = /^(?!__proto__$)[ !#-[\]-~]*$/;

/**
 * Reads of JSON bodies only the members their schema names, and checks the rest for its syntax: what is skipped costs a
 * look at its bytes and no object. Objects without `properties`, records and unions are read whole, and so is what has
 * not the shape its schema says.
 */
export class SelectionReader {
  /** One line, equal for schemas that name the same members. */
  readonly key: string;
  readonly #plan: Plan;
  /** Undefined: names in it need care that only `JSON.parse` takes. */
  readonly #bytePlan: BytePlan | undefined;

  constructor(schema: TSchema) {
    this.#plan = planOf(schema);
    this.key = keyOf(this.#plan);
    this.#bytePlan = isSimple(this.#plan) ? new BytePlan(this.#plan) : undefined;
  }

  /**
   * What `JSON.parse` would make of the body, read as UTF-8, but for the members the schema does not name.
   * @throws SyntaxError where `JSON.parse` does
   */
  read(body: Buffer): unknown {
    if (this.#bytePlan !== undefined) {
      try {
        return new ByteReader(body).document(this.#bytePlan);
      } catch (error) {
        if (error !== unusual) throw error;
      }
    }
    return pruned(JSON.parse(body.toString('utf8')), this.#plan);
  }
}

function isSimple({ members, items }: Plan): boolean {
  if (items !== undefined) return isSimple(items);
  if (members === undefined) return true;
  return Array.from(members).every(([name, member]) => simpleName.test(name) && isSimple(member));
}

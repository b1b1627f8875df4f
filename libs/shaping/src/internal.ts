import { Type } from 'typebox';

/** Members for staff only: what is in them is nobody's business but the admin gateway's, which passes them on. */
export const internalSchema = Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object' });

import { isToken, reservedHeaderFault } from '../../transforms/reserved-headers.ts';
import { eachNamed } from '../named-fields.ts';

/** Rules name real headers, and none that only the gateway makes. */
export const headerNamesRule = eachNamed(({ name, to }, { kind, direction }) => {
  if (kind === 'query') return [];
  return [...new Set([name, to ?? name])].flatMap((header) => {
    if (!isToken(header)) return [`"${header}" is no header name`];
    const reserved = reservedHeaderFault(direction, header);
    return reserved === undefined ? [] : [`${header}: this header ${reserved}`];
  });
});

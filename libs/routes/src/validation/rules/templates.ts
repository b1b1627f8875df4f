import { paramNames } from '../../matching/path-pattern.ts';
import { templateFaults } from '../../transforms/template.ts';
import { eachNamed } from '../named-fields.ts';

/** Placeholders name what there is. */
export const templatesRule = eachNamed(({ name, text = '' }, _place, { pattern }, { config }) =>
  pattern
    ? templateFaults(text, { params: paramNames(pattern), config }).map((message) => `${name}: ${message}`)
    : [],
);

import { eachNamed } from '../named-fields.ts';

const control = /[\x00-\x08\x0a-\x1f\x7f]/;

/** A value that holds a line break would be two headers. */
export const headerValuesRule = eachNamed(({ name, text = '' }, { kind }) =>
  kind === 'headers' && control.test(text)
    ? [`${name}: the value has a line break or control character`]
    : [],
);

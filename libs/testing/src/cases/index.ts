export { goldenCase } from './golden-case.ts';
export { grown, serialized } from './wire.ts';

import { setFlagsFromString } from 'node:v8';

/**
 * Options of V8 that suit a server, which it takes for a page in a browser by default. To be called before anything has
 * run.
 */
export function tuneV8(): void {
  // Half a minute after the start, and whenever nobody calls for some seconds, its memory reducer lets go of the shapes
  // that no request holds just then, and of all code compiled for them; the next requests cost four times as much. This
  // is read whenever the reducer wakes; the option that turns it off is read once, before us.
  setFlagsFromString('--memory-reducer-gc-count=0');
  // The old generation may double before it is collected. By default it may grow by a tenth: 3 of 33 MB, which a few
  // thousand requests on new connections leave behind, and a collection takes 50 ms of all threads.
  setFlagsFromString('--heap-growing-percent=100');
  // Code for up to eight shapes in one place (default 4): requests go through the hands of Node, Fastify, Nest and us,
  // each of which adds a member.
  setFlagsFromString('--max-valid-polymorphic-map-count=8');
}

import { setFlagsFromString } from 'node:v8';

/** V8 takes a program for a page in a browser by default; a server is another thing. To be called before all else. */
export function tuneV8ForStart(): void {
  // Half a minute after the start, and whenever nobody calls for some seconds, V8's memory reducer lets go of the shapes
  // that no request holds just then, and of all code compiled for them; the next requests cost four times as much. This
  // is read whenever the reducer wakes; the option that turns it off is read once, before us.
  setFlagsFromString('--memory-reducer-gc-count=0');
}

/** To be called when the start is over: starting on these terms would cost memory, and requests are still to come. */
export function tuneV8ForTraffic(): void {
  // The old generation may double before it is collected. By default it may grow by a tenth: 3 of 33 MB, which a few
  // thousand requests on new connections leave behind, and a collection takes 50 ms of all threads.
  setFlagsFromString('--heap-growing-percent=100');
  // Code for up to eight shapes in one place (default 4): requests go through the hands of Node, Fastify, Nest and us,
  // each of which adds a member.
  setFlagsFromString('--max-valid-polymorphic-map-count=8');
  // Bytecode that may be inlined into one function, in all and of each callee (defaults 920 and 460): the request path
  // is hundreds of small functions, and a call saved is worth more there than the larger code costs.
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=4000');
  setFlagsFromString('--max-inlined-bytecode-size=1500');
}

/** Clients and upstreams of one gateway say a few dozen things; who makes up more gets them worked out each time anew. */
const mostTexts = 200;
/** Longer ones are nobody's usual words. */
const longestText = 200;

/** The same function of a text, which remembers what it made of texts it has met. Forgets all of them when there are many. */
export function remembered<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as T;
    const made = make(text);
    if (text.length > longestText) return made;
    if (known.size >= mostTexts) known.clear();
    known.set(text, made);
    return made;
  };
}

import { each } from '../declared-route.ts';

/** A limit must count what the route lets in. */
export const limitsRule = each(({ declaration: { auth, limits } }, fault) => {
  if (!Array.isArray(limits) || auth !== 'jwt') return [];
  return limits.flatMap(({ per }, index) =>
    per === 'key'
      ? [
          fault(
            ['limits', index],
            'per: key counts API keys, which auth: jwt does not take: use per: subject',
          ),
        ]
      : [],
  );
});

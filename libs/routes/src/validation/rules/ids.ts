import { faultOf, type Rule } from '../declared-route.ts';

/** Ids name routes in logs, limits and faults: one each. */
export const idsRule: Rule = (routes) =>
  routes.flatMap((route, index) => {
    const { id } = route.declaration;
    const first = routes.findIndex((other) => other.declaration.id === id);
    if (id === undefined || first === index) return [];
    return [faultOf(route, ['id'], `the id is taken by ${routes[first]?.locate([])}: give it another`)];
  });

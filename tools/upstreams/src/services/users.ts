import { ok } from '../http/exchange.ts';
import { readText } from '../http/query.ts';
import { type ServiceDefinition } from '../http/service.ts';
import { type User } from '../model.ts';
import { type Store } from './store.ts';

const searchable = ({ id, displayName, email }: User): string =>
  `${id} ${displayName} ${email}`.toLowerCase();

export const usersService = (store: Store): ServiceDefinition => ({
  name: 'users',
  routes: {
    'GET /users': (inbound) => {
      const wanted = readText(inbound, 'q')?.toLowerCase() ?? '';
      return ok(store.users.page(inbound, (user) => searchable(user).includes(wanted)));
    },
    'GET /users/:id': ({ params }) => ok(store.users.get(params['id'] ?? '')),
  },
});

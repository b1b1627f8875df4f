export { type User, userSchema } from './user.ts';
export { UsersClientModule } from './users-client.module.ts';
export { type UserFilter, UsersClient } from './users.client.ts';

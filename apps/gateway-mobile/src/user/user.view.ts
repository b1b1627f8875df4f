import { projection } from '@facet/shaping';
import { Type } from 'typebox';

/** Who is logged in, as the app's header shows it. */
export const userSchema = Type.Object({
  id: Type.String(),
  displayName: Type.String(),
  avatarUrl: Type.String(),
  tier: Type.String(),
});

export const userView = projection(userSchema);

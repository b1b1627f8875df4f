import { addressMembers, projection } from '@facet/shaping';
import { Type } from 'typebox';

/** Everything a user may know of the own account. */
export const userSchema = Type.Object({
  id: Type.String(),
  displayName: Type.String(),
  firstName: Type.String(),
  lastName: Type.String(),
  email: Type.String(),
  phone: Type.String(),
  avatarUrl: Type.String(),
  tier: Type.String(),
  addresses: Type.Array(
    Type.Object({ id: Type.String(), label: Type.String(), isDefault: Type.Boolean(), ...addressMembers }),
  ),
  preferences: Type.Object({
    language: Type.String(),
    currency: Type.String(),
    theme: Type.String(),
    newsletter: Type.Boolean(),
    notifications: Type.Object({ email: Type.Boolean(), push: Type.Boolean(), sms: Type.Boolean() }),
  }),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});

export const userView = projection(userSchema);

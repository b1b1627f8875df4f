import { defineVersions } from '@facet/http';

export const orderVersions = defineVersions({
  current: 'v2',
  legacy: {
    v1: {
      deprecatedAt: '2026-07-01T00:00:00Z',
      sunsetAt: '2027-12-31T23:59:59Z',
      link: 'https://facet.example/docs/versions#orders-v1',
    },
  },
  preview: ['v3'],
});

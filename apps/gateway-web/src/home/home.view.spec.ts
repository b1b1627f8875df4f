import { goldenCase, serialized } from '@facet/testing/cases';
import { describe, expect, it } from '@jest/globals';
import { type HomeParts, homeSchema, homeView } from './home.view.ts';

const upstream = goldenCase<HomeParts>('home', 'upstream');

describe('the web home', () => {
  it('is the golden one, on the wire too', () => {
    const home = { ...homeView(upstream), partial: false, parts: [] };
    expect(home).toEqual(goldenCase('home', 'web'));
    expect(serialized(homeSchema, home)).toEqual(home);
    expect(JSON.stringify(home)).not.toMatch(/internal|costPrice|budget|riskScore/);
  });

  it('has null for a part that is missing, and names it', () => {
    const home = {
      ...homeView({ ...upstream, shipments: undefined, orders: undefined, offers: [] }),
      partial: true,
      parts: [{ part: 'shipments', reason: 'upstream_timeout' }],
    };
    expect(home).toMatchObject({ shipments: null, orders: null, offers: [] });
    expect(serialized(homeSchema, home)).toEqual(home);
  });
});

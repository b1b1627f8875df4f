import { describe, expect, it } from '@jest/globals';
import { AdHocUpstreams } from './ad-hoc-upstream.ts';

describe('AdHocUpstreams', () => {
  it('names an origin after the first route that speaks of it, for good', () => {
    const upstreams = new AdHocUpstreams();
    expect(upstreams.read('http://10.0.0.1:5000/base/', 'Hello.World_1')).toEqual({
      name: 'route-hello-world-1',
      origin: 'http://10.0.0.1:5000',
      basePath: '/base',
      use: { requests: 0 },
    });
    expect(upstreams.read('http://10.0.0.1:5000', 'other').name).toBe('route-hello-world-1');
    expect(upstreams.read('http://10.0.0.2:5000', 'hello-world-1').name).toBe('route-hello-world-1-2');
  });

  it('gives routes that want another breaker another one', () => {
    const upstreams = new AdHocUpstreams();
    expect(upstreams.read('http://h', 'a').name).toBe('route-a');
    expect(upstreams.read('http://h', 'b', 'off')).toMatchObject({ name: 'route-b', breaker: 'off' });
    expect(upstreams.read('http://h', 'c', 'off').name).toBe('route-b');
  });

  it('keeps clear of the upstreams the app declares', () => {
    expect(new AdHocUpstreams(['route-a']).read('http://h', 'a').name).toBe('route-a-2');
  });

  it('forgets, and names anew', () => {
    const upstreams = new AdHocUpstreams();
    upstreams.read('http://h', 'a');
    upstreams.forget('route-a');
    expect([...upstreams.all()]).toEqual([]);
    expect(upstreams.read('http://other', 'a').name).toBe('route-a');
  });
});

import { Topic } from '../scenario.ts';

const topic = new Topic('statuses');

const statuses = [200, 203, 204, 299, 301, 302, 303, 307, 308, 400, 404, 410, 499, 500, 502, 503, 504, 599];
for (const status of statuses) {
  topic.reused(`a fresh ${status}`, [['Cache-Control', 'max-age=100000']], { status });
  topic.notReused(
    `a ${status} that was stale from the start`,
    [
      ['Expires', -5_000],
      ['Last-Modified', -100_000],
    ],
    { status },
  );
}

export const statusScenarios = topic.scenarios;

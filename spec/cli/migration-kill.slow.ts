import { KillRuns } from './support/kill-runs.js';
import { Project } from './support/project.js';

test('killed at every message to the server, migrations end as those that were not', async () => {
  const project = await Project.open({}, `migrations: { dir: 'db', lease: 600 }`);
  try {
    const runs = await KillRuns.open(project);
    const points = Array.from({ length: runs.messages }, (_, at) =>
      [false, true].map((sent) => ({ message: at + 1, sent })),
    );
    let killed = 0;
    for (const point of points.flat()) if (await runs.kill(point)) killed += 1;
    expect(killed).toBeGreaterThanOrEqual(50);
  } finally {
    await project.close();
  }
}, 7_200_000);

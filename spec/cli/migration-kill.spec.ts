import { KillRuns } from './support/kill-runs.js';
import { Project } from './support/project.js';

test('migrations that were killed on their way end as those that were not', async () => {
  const project = await Project.open({}, `migrations: { dir: 'db', lease: 600 }`);
  try {
    const runs = await KillRuns.open(project);
    for (const part of [0.2, 0.5, 0.8]) {
      expect(await runs.kill({ message: Math.ceil(runs.messages * part), sent: part === 0.5 })).toBe(true);
    }
  } finally {
    await project.close();
  }
}, 120_000);

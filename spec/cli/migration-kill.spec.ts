import { Project } from './support/project.js';
import { killRuns } from './support/kill-runs.js';

test('migrations that were killed on their way end as those that were not', async () => {
  const project = await Project.open({}, `migrations: { dir: 'db', lease: 600 }`);
  try {
    expect(await killRuns(project, 5)).toBeGreaterThan(0);
  } finally {
    await project.close();
  }
}, 120_000);
